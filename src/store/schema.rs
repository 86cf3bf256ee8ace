//! The tables as diesel sees them: the same types on both databases.

diesel::table! {
    practices (id) {
        id -> Text,
        slug -> Text,
        name -> Text,
        timezone -> Text,
        contact_name -> Text,
        contact_phone -> Text,
        reply_to -> Nullable<Text>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    users (id) {
        id -> Text,
        email -> Text,
        name -> Text,
        password_hash -> Nullable<Text>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    memberships (practice_id, user_id) {
        practice_id -> Text,
        user_id -> Text,
    }
}

diesel::table! {
    sessions (token_hash) {
        token_hash -> Text,
        user_id -> Text,
        practice_id -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    sign_in_links (token_hash) {
        token_hash -> Text,
        practice_id -> Nullable<Text>,
        user_id -> Nullable<Text>,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    throttles (subject) {
        subject -> Text,
        failures -> Integer,
        free_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    vendors (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        name -> Text,
        name_key -> Text,
        external_id -> Nullable<Text>,
        website -> Nullable<Text>,
        services -> Text,
        ba_status -> Text,
        owner -> Text,
        exposure -> Text,
        notes -> Text,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        tier -> Integer,
        inherent -> Integer,
        status -> Text,
        rating -> Text,
        residual -> Integer,
        assured -> Bool,
        agreement -> Text,
        agreement_ends_on -> Nullable<Date>,
        accepted_on -> Nullable<Date>,
        next_due_on -> Nullable<Date>,
        open_flags -> Integer,
        look_on -> Nullable<Date>,
    }
}

diesel::table! {
    contacts (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        vendor_id -> Text,
        name -> Text,
        email -> Nullable<Text>,
    }
}

diesel::table! {
    agreements (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        vendor_id -> Text,
        signed_on -> Nullable<Date>,
        ends_on -> Nullable<Date>,
        recorded_at -> Timestamp,
    }
}

diesel::table! {
    imports (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        file_name -> Text,
        content -> Binary,
        uploaded_at -> Timestamp,
    }
}

diesel::table! {
    assessments (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        vendor_id -> Text,
        cycle -> Integer,
        questionnaire -> Text,
        digest -> Text,
        asked -> Text,
        state -> Text,
        asked_on -> Date,
        due_on -> Date,
        reminders -> Integer,
        reminded_on -> Nullable<Date>,
        started_at -> Nullable<Timestamp>,
        accepted_on -> Nullable<Date>,
    }
}

diesel::table! {
    invitations (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        assessment_id -> Text,
        token_hash -> Text,
        code -> Text,
        sent_to -> Text,
        made_at -> Timestamp,
        expires_on -> Date,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    respondents (token_hash) {
        token_hash -> Text,
        practice_id -> Text,
        invitation_id -> Text,
        started_at -> Timestamp,
    }
}

diesel::table! {
    answers (practice_id, assessment_id, slug) {
        practice_id -> Text,
        assessment_id -> Text,
        slug -> Text,
        answer -> Text,
        saved_at -> Timestamp,
    }
}

diesel::table! {
    attestations (practice_id, assessment_id) {
        practice_id -> Text,
        assessment_id -> Text,
        reference -> Text,
        name -> Text,
        title -> Text,
        email -> Text,
        statement -> Text,
        signed_at -> Timestamp,
        snapshot -> Text,
        sha256 -> Text,
    }
}

diesel::table! {
    scorecards (practice_id, assessment_id) {
        practice_id -> Text,
        assessment_id -> Text,
        model -> Text,
        as_of -> Date,
        rating -> Text,
        residual -> Integer,
        record -> Text,
    }
}

diesel::table! {
    flags (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        vendor_id -> Text,
        kind -> Text,
        subject -> Text,
        sentence -> Text,
        severity -> Integer,
        raised_on -> Date,
        closed_on -> Nullable<Date>,
    }
}

diesel::table! {
    letters (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        once -> Text,
        kind -> Text,
        vendor_id -> Nullable<Text>,
        invitation_id -> Nullable<Text>,
        to_name -> Text,
        to_address -> Text,
        from_name -> Text,
        reply_to -> Nullable<Text>,
        subject -> Text,
        text_body -> Text,
        html_body -> Text,
        message_id -> Text,
        state -> Text,
        attempts -> Integer,
        written_at -> Timestamp,
        try_at -> Timestamp,
        claimed_until -> Nullable<Timestamp>,
        sent_at -> Nullable<Timestamp>,
        reason -> Nullable<Text>,
    }
}

diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(sessions -> practices (practice_id));

diesel::allow_tables_to_appear_in_same_query!(
    practices,
    users,
    memberships,
    sessions,
    sign_in_links,
    throttles,
    vendors,
    contacts,
    agreements,
    imports,
    assessments,
    invitations,
    respondents,
    answers,
    attestations,
    scorecards,
    flags,
    letters,
);
