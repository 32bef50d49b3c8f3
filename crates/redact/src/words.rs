//! Words, in the languages of the product, that say what a number beside them is. Stems without case and diacritics; `$` at the end
//! asks for the whole word.

use std::sync::LazyLock;

use crate::fold::{Script, fold, script};
use crate::order;
use crate::text::Letter;

/// Telephone.
pub(crate) const PHONE: u32 = 1;
/// Payment card.
pub(crate) const CARD: u32 = 1 << 1;
/// Network address.
pub(crate) const IP: u32 = 1 << 2;
/// Versions and sections: numbers with dots that are no addresses.
pub(crate) const VERSION: u32 = 1 << 3;
/// Orders, invoices, parcels, cases, books, devices.
pub(crate) const REF: u32 = 1 << 4;
/// Amounts and units.
pub(crate) const UNIT: u32 = 1 << 5;
/// Bank account.
pub(crate) const IBAN: u32 = 1 << 6;
/// National ids, one bit each.
pub(crate) const SSN: u32 = 1 << 8;
pub(crate) const NINO: u32 = 1 << 9;
pub(crate) const NIR: u32 = 1 << 10;
pub(crate) const STEUER: u32 = 1 << 11;
pub(crate) const DNI: u32 = 1 << 12;
pub(crate) const FISCALE: u32 = 1 << 13;
pub(crate) const PESEL: u32 = 1 << 14;
pub(crate) const CPF: u32 = 1 << 15;
pub(crate) const AADHAAR: u32 = 1 << 16;
pub(crate) const MYNUMBER: u32 = 1 << 17;
pub(crate) const RNOKPP: u32 = 1 << 18;

/// All national ids.
pub(crate) const IDS: u32 = 0x7_FF00;
/// What makes a number something else.
pub(crate) const AGAINST: u32 = VERSION | REF | UNIT | PHONE | IDS;

/// A word of the table in the text, as cells.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hit {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) class: u32,
}

const TABLE: &[(u32, &str)] = &[
    (
        PHONE,
        "phone|telephone|tel$|mobile|cell$|cellphone|call$|called$|calls$|calling$|text me|texted|texting|sms$|whatsapp|viber|telegram|my number|his number|her number|reach me|\
landline|voicemail|ring me|telef|movil|celular|llam|mi numero|su numero|portable$|appel|mon numero|son numero|joindre|handy$|handynummer|mobil|ruf$|rufen|anruf|\
rufnummer|meine nummer|ligue|ligar|ligou|liga$|zap$|meu numero|chiama|cellulare|mio numero|numero d|numero della|trovat|raggiung|trouve au|nummer meine|numer moje|номер моей|номер моего|номер сестр|номер мамы|номер моєї|номер мого|komork|zadzwon|dzwon|numer tel|moj numer|\
телефон|тел$|моб$|мобил|звон|позвон|номер мой|мои номер|мій номер|моб |дзвон|ватсап|вотсап|вайбер|смс|هاتف|الهاتف|هاتفي|جوال|الجوال|جوالي|موبايل|رقمي|اتصل|اتصلوا|اتصال|يتصل|واتساب|الواتساب|\
تلفن|موبايل|همراه|شماره من|شماره ام|تماس|زنگ|واتس|फोन|मोबाइल|मोबाईल|कॉल|मेरा नंबर|का नंबर|नंबर पर|व्हाट्सएप|व्हाट्सऐप|电话|電話|手机|手機|拨打|致电|来电|联系方式|联系我|我的号码|携帯|番号に|ケータイ|連絡先|私の番号|fon$|fax$|contact$|kontakt",
    ),
    (
        CARD,
        "card|visa$|mastercard|amex|tarjeta|carte|karte|kredit|cartao|carta$|cartao|karta$|karty|karte$|karcie|карт|بطاقه|البطاقه|بطاقتي|كارت|कार्ड|银行卡|信用卡|卡号|カード",
    ),
    (
        IP,
        "ip$|ipv4|ipv6|ip-|server|servidor|serveur|host$|hosts$|login|logged in|connect|conexion|connexion|verbind|anmeld|adres ip|polacz|polaczen|conness|conexao|адрес|вход|подключ|сервер|підключ|вхід|سيرفر|خادم|الخادم|عنوان|اي بي|ای پی|سرور|आईपी|सर्वर|服务器|登录|地址|サーバ|アドレス|接続|ログイン|dns$|ping|proxy|firewall|router|gateway|subnet",
    ),
    (
        VERSION,
        "version|versao|versione|wersj|версi|версі|верси|release|build|firmware|update|actualizacion|aktualis|mise a jour|aggiornamento|atualizac|aktualiz|обновлен|оновлен|kernel|driver|sdk$|chrome|firefox|safari|edge$|android|art$|section|seccion|abschnitt|sezione|secao|sekcja|kapitel|chapitre|chapter|capitulo|capitolo|rozdzial|раздел|розділ|пункт|article$|articulo|artikel|clause|paragraph|absatz|ver$|v$|oid$|patch|upgrade|الاصدار|اصدار|التحديث|نسخه|النسخه|ويرايش|بند|संस्करण|वर्जन|अपडेट|धारा|版本|更新|升级|章节|条款|バージョン|版|アップデート|節|api$|schema|spec$",
    ),
    (
        REF,
        "order|invoice|tracking|parcel|shipment|ticket|case|serial|product key|license|licence|reference|ref$|refs$|isbn|issn|ean$|gtin|sku$|commit|booking|reservation|confirmation|receipt|policy|claim|batch|lot$|part number|part no|ups$|usps$|fedex|dhl$|rcs$|cep$|plz$|postcode|code postal|item|model|imei|vin$|asset|meter|id$|article number|transaction|delivery|zip$|po box|\
pedido|factura|fatura|encomenda|bilhete|seguimiento|referencia|reserva|expediente|envio|serie|ticket|incidencia|guia|albaran|commande|facture|suivi|colis|dossier|numero de serie|recu$|devis|siret|siren$|bestell|rechnung|sendung|auftrag|vorgang|aktenzeichen|seriennummer|kundennummer|buchung|fall$|lieferung|artikelnummer|beleg|\
rastreio|rastreamento|nota fiscal|protocolo|chamado|ordine|fattura|spedizione|pratica|tracciamento|prenotazione|seriale|protocollo|partita iva|bolla|zamowien|faktur|przesyl|paczk|zgloszen|sprawy|seryjn|rezerwac|zamow|regon|krs$|nip$|\
заказ|счет|трек|посылк|отправлен|накладн|заявк|обращен|серийн|артикул|договор|брон|дело|чек|инн$|огрн|снилс|замовлен|рахунок|посилк|звернен|серійн|накладн|договір|справ|відправлен|накладна|єдрпоу|едрпоу|артикул|طلب|الطلب|طلبيه|فاتوره|الفاتوره|شحنه|الشحنه|تتبع|التتبع|تذكره|التذكره|قضيه|القضيه|مرجع|المرجعي|تسلسلي|التسلسلي|حجز|الحجز|سفارش|فاكتور|پيگيري|رهگيري|مرسوله|پرونده|سريال|رزرو|تيكت|بارنامه|\
ऑर्डर|आर्डर|चालान|इनवॉइस|ट्रैकिंग|शिकायत संख्या|टिकट|बुकिंग|सीरियल|केस|संदर्भ|पार्सल|रसीद|订单|发票|快递|单号|运单|工单|编号|序列号|案件|预订|票号|货号|注文|請求書|追跡|伝票|お問い合わせ番号|受付番号|予約番号|シリアル|製造番号|管理番号|案件|整理番号|品番|会員番号|№|timestamp|unix|epoch|checksum|hash|barcode|ausweisnummer|zaehler|contador|compteur|licznik|счетчик|passport|pasaporte|passeport|reisepass|account|konto$|kontonummer|cuenta|compte|conta$|conto$|rachunek|населен|population|poblacion|bevolkerung|einwohner|habitantes|abitanti|mieszkanc|人口",
    ),
    (
        UNIT,
        "eur$|euro$|euros$|usd$|gbp$|dollar|pounds$|zl$|zlotych|pln$|reais|brl$|rupee|rupees|inr$|rs$|yen$|jpy$|руб|грн|гривен|гривень|ريال|دولار|تومان|جنيه|दिनार|रुपये|रुपए|रुपया|元|円|人民币|万|km$|kg$|bytes$|mb$|gb$|users$|views$|visitas|vues$|aufrufe|\
usuarios|utilisateurs|nutzer|utenti|uzytkownikow|пользовател|користувач|просмотр|перегляд|مستخدم|مشاهده|كاربر|بازديد|उपयोगकर्ता|व्यूज|次|人$|people$|followers|seconds|ms$|latitud|latitude|longitude|coord|gps$|breitengrad|координат|احداثيات|إحداثيات|مختصات|निर्देशांक|坐标|座標|wspolrzedn|steps|units",
    ),
    (IBAN, "iban"),
    (SSN, "ssn$|itin$|taxpayer id|social number|社会安全号"),
    (
        SSN | NINO | NIR,
        "social security|social-security|社会保障|соцстрах|социальн|соціальн|seguro social|seguridad social|sozialversicherung|previdencia social|previdenza|ubezpiecze|الضمان الاجتماعي|التامين الاجتماعي|تامين اجتماعي|सामाजिक सुरक्षा",
    ),
    (NINO, "nino$|ni number|ni no|national insurance|n.i. number"),
    (NIR, "securite sociale|nir$|numero de secu|secu$|insee|numero ss|n ss|carte vitale|assure"),
    (STEUER, "steuer|idnr|tin$|steuerliche|identifikationsnummer|tax id"),
    (DNI, "dni$|nie$|nif$|documento nacional|identidad"),
    (FISCALE, "codice fiscale|cod. fisc|c.f.|cf$"),
    (PESEL, "pesel"),
    (CPF, "cpf$|cadastro de pessoa"),
    (AADHAAR, "aadhaar|aadhar|adhaar|uidai|uid$|आधार|आधर"),
    (MYNUMBER, "マイナンバー|個人番号|my number card|mynumber|my number$"),
    (RNOKPP, "рнокпп|іпн$|інн$|инн$|ипн$|ідентифікаційн|идентификационн|податков|rnokpp|ipn$|код платник|налогов"),
];

/// The table's entries, in chains by their first letter, so that each place of a text is compared with a handful.
struct Index {
    entries: Vec<(u32, &'static str)>,
    heads: [u16; 128],
    next: Vec<u16>,
}

/// Made once: a page is thousands of short texts, and making it costs more than most of them.
static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let entries: Vec<(u32, &str)> = TABLE
        .iter()
        .flat_map(|(class, words)| words.split('|').filter(|word| !word.is_empty()).map(|word| (*class, word)))
        .collect();
    let mut heads = [u16::MAX; 128];
    let mut next = vec![u16::MAX; entries.len()];
    for (index, (_, word)) in entries.iter().enumerate() {
        let bucket = bucket(word.chars().find_map(fold).unwrap_or(' '));
        next[index] = heads[bucket];
        heads[bucket] = index as u16;
    }
    Index { entries, heads, next }
});

/// Every word of the table in the text, by its end.
pub(crate) fn hits(letters: &[Letter]) -> Vec<Hit> {
    let Index { entries, heads, next } = &*INDEX;
    let mut hits = Vec::new();
    let mut previous = Script::None;
    for (at, letter) in letters.iter().enumerate() {
        let script = script(letter.c);
        let start = script == Script::Dense || letter.c == '№' || (script != Script::None && script != previous);
        previous = script;
        if !start || script == Script::Digit {
            continue;
        }
        let mut entry = heads[bucket(letter.c)];
        while entry != u16::MAX {
            let (class, word) = entries[usize::from(entry)];
            if let Some(end) = matches(letters, at, word) {
                hits.push(Hit { start: letter.cell, end: letters[end - 1].cell + 1, class });
            }
            entry = next[usize::from(entry)];
        }
    }
    order::sort(&mut hits, |hit| (hit.end as u64) << 32 | (u64::from(u32::MAX) - hit.start as u64));
    // A word that means two things means both.
    hits.dedup_by(|next, kept| {
        let same = next.start == kept.start && next.end == kept.end;
        kept.class |= if same { next.class } else { 0 };
        same
    });
    hits
}

fn bucket(c: char) -> usize {
    (c as usize ^ (c as usize >> 7)) & 127
}

/// One past the last letter of `word` at this place.
fn matches(letters: &[Letter], at: usize, word: &str) -> Option<usize> {
    let (word, whole) = word.strip_suffix('$').map_or((word, false), |word| (word, true));
    let mut end = at;
    for c in word.chars().filter_map(fold) {
        if letters.get(end)?.c != c {
            return None;
        }
        end += 1;
    }
    let last = script(letters[end - 1].c);
    if whole && last != Script::Dense && letters.get(end).is_some_and(|letter| script(letter.c) == last) {
        return None;
    }
    Some(end)
}
