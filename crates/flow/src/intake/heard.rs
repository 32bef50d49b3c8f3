//! What the form hears of the engine. Of the answers it knows its own two alone, so that the rest stays out of its Wasm.

use recourse_wire::engine::{Failure, FromEngine};
use recourse_wire::problem::{Problem, ProblemKind};

use super::{Msg, OpenChannel, Sent, Shut, Trouble};

/// A message of the engine as the form decodes it.
pub type Heard = FromEngine<FormAnswer>;

/// The answers to the form's two calls.
#[derive(Debug, Clone)]
pub enum FormAnswer {
    /// The manifest holds.
    Checked(Box<OpenChannel>),
    /// The server has it.
    Sent(Box<Sent>),
}

/// What a message means to the form, given the number of the last call that checked a manifest.
pub fn meaning(heard: Heard, manifest_call: u32) -> Option<Msg> {
    match heard {
        FromEngine::Ready => None,
        FromEngine::Progress { progress, .. } => Some(Msg::Progress(progress)),
        FromEngine::Answer { answer, .. } => Some(match *answer {
            FormAnswer::Checked(channel) => Msg::ChannelChecked(channel),
            FormAnswer::Sent(sent) => Msg::SendDone(sent),
        }),
        FromEngine::Failed { id, failure } if id == manifest_call => Some(Msg::ChannelShut(match failure {
            Failure::Manifest { check } if check == "expired" => Shut::Closed,
            Failure::Manifest { .. } => Shut::Untrusted,
            _ => Shut::Unreachable,
        })),
        FromEngine::Failed { failure, .. } => Some(match failure {
            Failure::Problem { problem } => match problem.kind() {
                // Sealed to a key that is no longer there, or promised by a manifest that is no longer true.
                Some(ProblemKind::OldManifest | ProblemKind::UnknownRecipient) => Msg::ChannelChanged,
                kind => Msg::SendFailed(Trouble::Problem(kind.map_or("internal", ProblemKind::slug).to_owned())),
            },
            Failure::Network => Msg::SendFailed(Trouble::Network),
            Failure::File { file } => Msg::SendFailed(Trouble::File(file)),
            Failure::Acknowledgement => Msg::SendFailed(Trouble::Acknowledgement),
            _ => Msg::SendFailed(Trouble::Unexpected),
        }),
    }
}

/// What it means that the manifest was not to be had: the status of the answer, 0 for none, and its problem.
pub fn not_to_be_had(status: u16, problem: Option<&Problem>) -> Shut {
    match (problem.and_then(Problem::kind), status) {
        (Some(ProblemKind::ChannelClosed), _) | (_, 410) => Shut::Closed,
        (Some(ProblemKind::UnknownChannel), _) | (_, 404) => Shut::Unknown,
        _ => Shut::Unreachable,
    }
}
