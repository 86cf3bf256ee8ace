//! One id type per thing, so that a vendor's id cannot be handed in for a flag's.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id; ids made later sort later.
            pub fn fresh() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )+};
}

ids! {
    PracticeId, VendorId, ContactId, AgreementId, AssessmentId, InvitationId, FlagId, LetterId,
    UserId,
    /// A vendor file that was uploaded and waits for its preview to be confirmed.
    ImportId,
    DecisionId, DocumentId, EndingId, SavedViewId, BulkChangeId, SessionId, PasskeyId, CodeId,
    NoticeId, NoticeLinkId, AcceptanceId, HandoverId, CorrectionId, ReviewId,
    ActionId, IncidentId, ChangeId, ExceptionId,
}
