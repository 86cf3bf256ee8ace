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
        settings -> Text,
    }
}

diesel::table! {
    users (id) {
        id -> Text,
        email -> Text,
        name -> Text,
        password_hash -> Nullable<Text>,
        created_at -> Timestamp,
        totp_secret -> Nullable<Text>,
        totp_step -> Nullable<BigInt>,
    }
}

diesel::table! {
    memberships (practice_id, user_id) {
        practice_id -> Text,
        user_id -> Text,
        role -> Text,
        digest -> Text,
        digest_to -> Nullable<Date>,
    }
}

diesel::table! {
    sessions (token_hash) {
        token_hash -> Text,
        id -> Text,
        user_id -> Text,
        practice_id -> Text,
        created_at -> Timestamp,
        seen_at -> Timestamp,
        proven_at -> Timestamp,
        expires_at -> Timestamp,
        browser -> Text,
        second -> Bool,
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
        kind -> Text,
        role -> Nullable<Text>,
        name -> Text,
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
    /// One more column of `vendors`: its own table has the 32 that diesel counts to without a
    /// feature that makes every build longer.
    #[sql_name = "vendors"]
    vendor_stops (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        stop_accepted_until -> Nullable<Date>,
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
        life -> Text,
        archived_at -> Nullable<Timestamp>,
        merged_into -> Nullable<Text>,
        parent_id -> Nullable<Text>,
        country -> Text,
        cadence -> Nullable<Integer>,
        review -> Text,
    }
}

diesel::table! {
    contacts (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        vendor_id -> Text,
        name -> Text,
        email -> Nullable<Text>,
        phone -> Text,
        title -> Text,
        roles -> Text,
        preferred -> Bool,
        address_state -> Text,
        state_since -> Nullable<Date>,
        state_reason -> Text,
        added_at -> Timestamp,
    }
}

diesel::table! {
    agreements (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        vendor_id -> Text,
        version -> Integer,
        kind -> Text,
        signed_on -> Nullable<Date>,
        effective_on -> Nullable<Date>,
        ends_on -> Nullable<Date>,
        open_ended -> Bool,
        renews_months -> Nullable<Integer>,
        notice_days -> Nullable<Integer>,
        parties -> Text,
        breach_notice_hours -> Nullable<Integer>,
        offshore -> Text,
        subcontractors -> Text,
        checklist -> Text,
        checked_on -> Nullable<Date>,
        checked_by -> Text,
        document_id -> Nullable<Text>,
        ended_on -> Nullable<Date>,
        note -> Text,
        recorded_by -> Text,
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
        choices -> Text,
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
        mailbox -> Text,
        part -> Nullable<Text>,
    }
}

diesel::table! {
    respondents (token_hash) {
        token_hash -> Text,
        practice_id -> Text,
        invitation_id -> Text,
        started_at -> Timestamp,
        verified_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    answers (practice_id, assessment_id, slug) {
        practice_id -> Text,
        assessment_id -> Text,
        slug -> Text,
        answer -> Text,
        saved_at -> Timestamp,
        browser -> Text,
        saved_by -> Text,
        same_as -> Nullable<Text>,
    }
}

diesel::table! {
    codes (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        invitation_id -> Text,
        browser -> Text,
        made_at -> Timestamp,
        tries -> Integer,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    evidence (practice_id, assessment_id, slug, document_id) {
        practice_id -> Text,
        assessment_id -> Text,
        slug -> Text,
        document_id -> Text,
        added_at -> Timestamp,
        browser -> Text,
        sent -> Bool,
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
        assurance -> Text,
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
        input -> Text,
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
        acknowledged_on -> Nullable<Date>,
        acknowledged_by -> Nullable<Text>,
        acknowledged_why -> Nullable<Text>,
        acknowledged_until -> Nullable<Date>,
        resolved_by -> Nullable<Text>,
        resolved_why -> Nullable<Text>,
        gone_on -> Nullable<Date>,
        back_from -> Nullable<Date>,
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

diesel::table! {
    recovery_codes (user_id, code_hash) {
        user_id -> Text,
        code_hash -> Text,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    passkeys (user_id, id) {
        user_id -> Text,
        id -> Text,
        name -> Text,
        credential -> Text,
        added_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    challenges (token_hash) {
        token_hash -> Text,
        user_id -> Nullable<Text>,
        kind -> Text,
        state -> Text,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    vendor_tags (practice_id, vendor_id, tag) {
        practice_id -> Text,
        vendor_id -> Text,
        tag -> Text,
    }
}

diesel::table! {
    ba_decisions (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        vendor_id -> Text,
        status -> Text,
        path -> Text,
        reason -> Text,
        decided_by -> Text,
        decided_on -> Date,
        look_again_on -> Nullable<Date>,
    }
}

diesel::table! {
    tier_decisions (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        vendor_id -> Text,
        tier -> Nullable<Integer>,
        computed -> Integer,
        inherent -> Integer,
        reason -> Text,
        decided_by -> Text,
        decided_on -> Date,
    }
}

diesel::table! {
    documents (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        vendor_id -> Text,
        kind -> Text,
        name -> Text,
        media_type -> Text,
        size -> Integer,
        sha256 -> Text,
        place -> Text,
        scan -> Text,
        note -> Text,
        ends_on -> Nullable<Date>,
        added_by -> Text,
        added_at -> Timestamp,
        removed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    endings (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        vendor_id -> Text,
        reason -> Text,
        last_day -> Date,
        begun_on -> Date,
        begun_by -> Text,
        steps -> Text,
        finished_on -> Nullable<Date>,
    }
}

diesel::table! {
    saved_views (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        user_id -> Text,
        name -> Text,
        query -> Text,
        made_at -> Timestamp,
    }
}

diesel::table! {
    bulk_changes (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        user_id -> Text,
        act -> Text,
        says -> Text,
        before -> Text,
        made_at -> Timestamp,
        undone_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    entries (practice_id, number) {
        practice_id -> Text,
        number -> Integer,
        at -> Timestamp,
        by_kind -> Text,
        by_id -> Text,
        by_name -> Text,
        act -> Text,
        vendor_id -> Nullable<Text>,
        sentence -> Text,
        hash -> Text,
    }
}

diesel::table! {
    chains (practice_id) {
        practice_id -> Text,
        number -> Integer,
        hash -> Text,
        seal -> Text,
    }
}

diesel::table! {
    notice_links (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        vendor_id -> Text,
        token_hash -> Text,
        made_at -> Timestamp,
        made_by -> Text,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    notices (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        vendor_id -> Text,
        browser_hash -> Text,
        link_id -> Nullable<Text>,
        invitation_id -> Nullable<Text>,
        questionnaire -> Text,
        digest -> Text,
        answers -> Text,
        begun_at -> Timestamp,
        reference -> Nullable<Text>,
        name -> Nullable<Text>,
        title -> Nullable<Text>,
        email -> Nullable<Text>,
        statement -> Nullable<Text>,
        signed_at -> Nullable<Timestamp>,
        signed_on -> Nullable<Date>,
        snapshot -> Nullable<Text>,
        sha256 -> Nullable<Text>,
        acknowledged_on -> Nullable<Date>,
        acknowledged_by -> Nullable<Text>,
        acknowledged_note -> Nullable<Text>,
    }
}

diesel::table! {
    notice_files (practice_id, notice_id, sha256) {
        practice_id -> Text,
        notice_id -> Text,
        sha256 -> Text,
        kind -> Text,
        ends_on -> Nullable<Date>,
        name -> Text,
        media_type -> Text,
        size -> Integer,
        place -> Text,
        scan -> Text,
        added_at -> Timestamp,
        document_id -> Nullable<Text>,
    }
}

diesel::table! {
    acceptances (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        vendor_id -> Text,
        questionnaire -> Text,
        digest -> Text,
        asked -> Text,
        supports -> Text,
        reason -> Text,
        accepted_by -> Text,
        accepted_on -> Date,
        until -> Date,
        ended_on -> Nullable<Date>,
        ended_by -> Nullable<Text>,
        ended_why -> Nullable<Text>,
    }
}

diesel::table! {
    handovers (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        vendor_id -> Text,
        assessment_id -> Text,
        said_by -> Text,
        said_at -> Timestamp,
        name -> Text,
        email -> Nullable<Text>,
        why -> Text,
        passed_on -> Bool,
        settled_at -> Nullable<Timestamp>,
        settled_by -> Nullable<Text>,
    }
}

diesel::joinable!(memberships -> users (user_id));
diesel::joinable!(memberships -> practices (practice_id));
diesel::joinable!(sign_in_links -> users (user_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(sessions -> practices (practice_id));

diesel::table! {
    paces (id) {
        id -> Text,
        questionnaire -> Text,
        asked_set -> Text,
        again -> Bool,
        minutes -> Integer,
    }
}

diesel::table! {
    corrections (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        assessment_id -> Text,
        reason -> Text,
        returned -> Text,
        replies -> Text,
        changes -> Text,
        opened_by -> Text,
        opened_at -> Timestamp,
        opened_on -> Date,
        due_on -> Nullable<Date>,
        outcome -> Nullable<Text>,
        ended_at -> Nullable<Timestamp>,
        files -> Text,
        occasion -> Text,
    }
}

diesel::table! {
    earlier_replies (practice_id, assessment_id, version) {
        practice_id -> Text,
        assessment_id -> Text,
        version -> Integer,
        reference -> Text,
        name -> Text,
        title -> Text,
        email -> Text,
        statement -> Text,
        signed_at -> Timestamp,
        snapshot -> Text,
        sha256 -> Text,
        assurance -> Text,
        scorecard -> Text,
        input -> Text,
    }
}

diesel::table! {
    review_decisions (practice_id, assessment_id, slug) {
        practice_id -> Text,
        assessment_id -> Text,
        slug -> Text,
        mark -> Text,
        na -> Nullable<Text>,
        checked -> Nullable<Text>,
    }
}

diesel::table! {
    reviews (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        assessment_id -> Text,
        signed -> Text,
        reviewed_by -> Text,
        reviewed_at -> Timestamp,
        reviewed_on -> Date,
        rating -> Text,
        residual -> Integer,
        record -> Text,
        input -> Text,
    }
}

diesel::table! {
    exceptions (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        vendor_id -> Text,
        assessment_id -> Text,
        slug -> Text,
        short -> Text,
        answer -> Text,
        shortfall -> Text,
        rating -> Text,
        reason -> Text,
        accepted_by -> Text,
        accepted_on -> Date,
        until -> Date,
        ended_on -> Nullable<Date>,
        ended_by -> Nullable<Text>,
        ended_why -> Nullable<Text>,
    }
}

diesel::table! {
    changes (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        vendor_id -> Text,
        kind -> Text,
        source -> Text,
        source_id -> Text,
        subject -> Text,
        about -> Text,
        was -> Text,
        became -> Text,
        was_on -> Nullable<Date>,
        since -> Nullable<Date>,
        learnt_on -> Date,
        materiality -> Integer,
        telling -> Text,
        told_by -> Text,
        verdict -> Nullable<Text>,
        verdict_why -> Nullable<Text>,
        verdict_by -> Nullable<Text>,
        verdict_on -> Nullable<Date>,
        withdrawn_on -> Nullable<Date>,
    }
}

diesel::table! {
    actions (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        vendor_id -> Text,
        assessment_id -> Text,
        slug -> Text,
        short -> Text,
        question -> Text,
        cites -> Text,
        shortfall -> Text,
        wanted -> Text,
        owner -> Text,
        due_on -> Date,
        state -> Text,
        raised_on -> Date,
        raised_by -> Text,
        by_rule -> Bool,
        asked_on -> Nullable<Date>,
        reminded_on -> Nullable<Date>,
        closed_on -> Nullable<Date>,
    }
}

diesel::table! {
    action_words (practice_id, action_id, number) {
        practice_id -> Text,
        action_id -> Text,
        number -> Integer,
        at -> Timestamp,
        what -> Text,
        name -> Text,
        text -> Text,
    }
}

diesel::table! {
    action_files (practice_id, action_id, document_id) {
        practice_id -> Text,
        action_id -> Text,
        document_id -> Text,
        added_at -> Timestamp,
    }
}

diesel::table! {
    incidents (practice_id, id) {
        practice_id -> Text,
        id -> Text,
        vendor_id -> Text,
        notice_id -> Nullable<Text>,
        learned -> Text,
        what -> Text,
        opened_on -> Date,
        opened_by -> Text,
        known -> Text,
        closed_on -> Nullable<Date>,
        outcome -> Nullable<Text>,
        closed_by -> Nullable<Text>,
        closed_why -> Nullable<Text>,
    }
}

diesel::table! {
    incident_assessments (practice_id, incident_id, version) {
        practice_id -> Text,
        incident_id -> Text,
        version -> Integer,
        found -> Text,
        conclusion -> Text,
        made_by -> Text,
        made_on -> Date,
    }
}

diesel::table! {
    incident_marks (practice_id, incident_id, number) {
        practice_id -> Text,
        incident_id -> Text,
        number -> Integer,
        step -> Text,
        done_on -> Nullable<Date>,
        made_by -> Text,
        note -> Text,
        document_id -> Nullable<Text>,
        recorded_on -> Date,
    }
}

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
    codes,
    evidence,
    attestations,
    scorecards,
    flags,
    letters,
    recovery_codes,
    passkeys,
    challenges,
    vendor_tags,
    ba_decisions,
    tier_decisions,
    documents,
    endings,
    saved_views,
    bulk_changes,
    entries,
    chains,
    notice_links,
    notices,
    notice_files,
    acceptances,
    handovers,
    corrections,
    earlier_replies,
    actions,
    action_words,
    action_files,
    incidents,
    incident_assessments,
    incident_marks,
    review_decisions,
    reviews,
    changes,
    exceptions,
);
