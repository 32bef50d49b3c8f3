//! What can be found, where it comes from, and what stands in its place.

/// What a span of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// An e-mail address.
    Email,
    /// A telephone number; with a [`Country`] where its plan is one of ours and no other fits.
    Phone,
    /// An international bank account number.
    Iban,
    /// A payment card number.
    Card,
    /// An IPv4 or IPv6 address.
    Ip,
    /// A national identification number, always with a [`Country`].
    NationalId,
    /// A signed or encrypted JSON Web Token.
    Jwt,
    /// An API key, bearer token or private key.
    ApiKey,
    /// The secret part of a URL: user information, a parameter's value, the random part of a reset link.
    UrlSecret,
    /// A name of the reporter, or a part of one.
    OwnName,
    /// A handle of the reporter.
    OwnHandle,
    /// An e-mail address of the reporter, or the part before its `@`.
    OwnEmail,
}

impl Kind {
    /// Every kind, in the order of the table in the README.
    pub const ALL: [Self; 12] = [
        Self::Email,
        Self::Phone,
        Self::Iban,
        Self::Card,
        Self::Ip,
        Self::NationalId,
        Self::Jwt,
        Self::ApiKey,
        Self::UrlSecret,
        Self::OwnName,
        Self::OwnHandle,
        Self::OwnEmail,
    ];

    /// The stable id: lower case, words joined by `-`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Iban => "iban",
            Self::Card => "card",
            Self::Ip => "ip",
            Self::NationalId => "national-id",
            Self::Jwt => "jwt",
            Self::ApiKey => "api-key",
            Self::UrlSecret => "url-secret",
            Self::OwnName => "own-name",
            Self::OwnHandle => "own-handle",
            Self::OwnEmail => "own-email",
        }
    }

    /// Whether this kind is good enough to be offered: precision ≥ 0.95 and recall ≥ 0.90 on the labelled set, in all and for
    /// `country`. The labelled test fails where this list and the measurement disagree.
    #[must_use]
    pub fn enabled(self, country: Option<Country>) -> bool {
        !OFF.contains(&(self, country)) && !OFF.contains(&(self, None))
    }

    /// The mask to suggest.
    #[must_use]
    pub fn mask(self) -> Mask {
        match self {
            Self::Email | Self::OwnEmail => Mask::Email,
            Self::Phone => Mask::Phone,
            Self::Iban => Mask::Account,
            Self::Card => Mask::Card,
            Self::Ip => Mask::Ip,
            Self::NationalId => Mask::Id,
            Self::Jwt | Self::ApiKey | Self::UrlSecret => Mask::Secret,
            Self::OwnName => Mask::Name,
            Self::OwnHandle => Mask::Handle,
        }
    }

    /// Which of two overlapping findings says more: the higher one.
    pub(crate) fn rank(self) -> u8 {
        match self {
            Self::Jwt => 10,
            Self::ApiKey => 9,
            Self::UrlSecret => 8,
            Self::OwnEmail => 7,
            Self::Email => 6,
            Self::Iban => 5,
            Self::Card => 4,
            Self::NationalId => 3,
            Self::Phone => 2,
            Self::Ip => 1,
            Self::OwnName | Self::OwnHandle => 0,
        }
    }
}

/// Kinds, in all or for one country, that the labelled set showed to be too weak to be offered.
pub(crate) const OFF: &[(Kind, Option<Country>)] = &[];

/// A country with rules of its own here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Country {
    /// United States (telephone: the North American plan).
    Us,
    /// United Kingdom.
    Gb,
    /// France.
    Fr,
    /// Germany.
    De,
    /// Spain.
    Es,
    /// Italy.
    It,
    /// Poland.
    Pl,
    /// Brazil.
    Br,
    /// India.
    In,
    /// Japan.
    Jp,
    /// Ukraine.
    Ua,
    /// Russia; telephone only.
    Ru,
    /// China; telephone only.
    Cn,
    /// Iran; telephone only.
    Ir,
    /// Saudi Arabia; telephone only.
    Sa,
}

impl Country {
    /// Every country.
    pub const ALL: [Self; 15] = [
        Self::Us,
        Self::Gb,
        Self::Fr,
        Self::De,
        Self::Es,
        Self::It,
        Self::Pl,
        Self::Br,
        Self::In,
        Self::Jp,
        Self::Ua,
        Self::Ru,
        Self::Cn,
        Self::Ir,
        Self::Sa,
    ];

    /// ISO 3166-1 alpha-2, upper case.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Us => "US",
            Self::Gb => "GB",
            Self::Fr => "FR",
            Self::De => "DE",
            Self::Es => "ES",
            Self::It => "IT",
            Self::Pl => "PL",
            Self::Br => "BR",
            Self::In => "IN",
            Self::Jp => "JP",
            Self::Ua => "UA",
            Self::Ru => "RU",
            Self::Cn => "CN",
            Self::Ir => "IR",
            Self::Sa => "SA",
        }
    }
}

/// What stands in the place of a finding. The interface has a text per id and language; [`Mask::neutral`] needs none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mask {
    /// For e-mail addresses.
    Email,
    /// For telephone numbers.
    Phone,
    /// For bank accounts.
    Account,
    /// For payment cards.
    Card,
    /// For IP addresses.
    Ip,
    /// For national ids.
    Id,
    /// For keys, tokens and secrets in URLs.
    Secret,
    /// For names.
    Name,
    /// For handles.
    Handle,
}

impl Mask {
    /// Every mask.
    pub const ALL: [Self; 9] = [
        Self::Email,
        Self::Phone,
        Self::Account,
        Self::Card,
        Self::Ip,
        Self::Id,
        Self::Secret,
        Self::Name,
        Self::Handle,
    ];

    /// The id of the text: `e-mail`, `phone`, `account`, `card`, `ip`, `id`, `secret`, `name`, `handle`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.neutral().trim_matches(['[', ']'])
    }

    /// The id in square brackets, such as `[e-mail]`. Text that holds it is not searched again.
    #[must_use]
    pub fn neutral(self) -> &'static str {
        match self {
            Self::Email => "[e-mail]",
            Self::Phone => "[phone]",
            Self::Account => "[account]",
            Self::Card => "[card]",
            Self::Ip => "[ip]",
            Self::Id => "[id]",
            Self::Secret => "[secret]",
            Self::Name => "[name]",
            Self::Handle => "[handle]",
        }
    }
}
