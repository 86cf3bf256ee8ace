//! What a hostile respondent can type: shown as the text that it is, or refused.

use actix_web::test::TestRequest;
use duecare::store;
use duecare::web::session::RESPONDENT_COOKIE;

use crate::world::{World, service_test};

/// Sixty ways to have a careless page run something.
const SCRIPTS: [&str; 60] = [
    "<script>alert(1)</script>",
    "<ScRiPt>alert(1)</sCrIpT>",
    "<script src=//evil.test/x.js></script>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "\"><script>alert(1)</script>",
    "'><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror='alert(1)'>",
    "\"><img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x>",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=\"java\tscript:alert(1)\">x</a>",
    "<form action=//evil.test><button>Go</button></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)>",
    "<textarea autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video src=x onerror=alert(1)>",
    "<audio src=x onerror=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<marquee onstart=alert(1)>",
    "<meta http-equiv=refresh content=\"0;url=//evil.test\">",
    "<link rel=stylesheet href=//evil.test/x.css>",
    "<base href=//evil.test>",
    "<style>*{background:url(//evil.test)}</style>",
    "<style>@import '//evil.test'</style>",
    "<div style=\"background:url(javascript:alert(1))\">",
    "<math><mi xlink:href=javascript:alert(1)>x</mi></math>",
    "<table background=javascript:alert(1)>",
    "<!--<img src=--><img src=x onerror=alert(1)//>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version=\"1.0\"?><x onload=alert(1)/>",
    "\" onmouseover=\"alert(1)",
    "' onmouseover='alert(1)",
    "\" autofocus onfocus=\"alert(1)\" x=\"",
    "` onmouseover=alert(1) `",
    "--><script>alert(1)</script>",
    "{{constructor.constructor('alert(1)')()}}",
    "{{{this}}}<b>x</b>",
    "{{#each this}}<i>{{/each}}",
    "${alert(1)}<u>x</u>",
    "<%= 7*7 %><s>x</s>",
    "&lt;script&gt;<q>alert(1)</q>",
    "&#60;script&#62;<p>alert(1)</p>",
    "\u{202e}<script>alert(1)</script>",
    "<scr\u{200b}ipt>alert(1)</script>",
    "\u{ff1c}script\u{ff1e}<i onclick=alert(1)>",
    "<x contenteditable onblur=alert(1)>lose focus</x>",
];

/// No page has any of it but as text.
#[track_caller]
fn harmless(page: &str) {
    for script in SCRIPTS {
        // What has nothing to escape in it is text wherever it stands between tags.
        assert!(!page.contains(script), "{script} stands in the page as it was typed");
    }
    for attribute in ["=\"javascript:", "='javascript:"] {
        assert!(!page.contains(attribute), "{attribute}");
    }
    assert!(!page.contains("onerror=alert(1)>") && !page.contains("<script>alert"), "a script stands in the page");
}

/// The names of the fields that take words, as the page has them.
fn fields(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    for tag in page.split('<').filter(|tag| tag.starts_with("textarea") || tag.starts_with("input")) {
        let tag = tag.split('>').next().unwrap_or_default();
        let attribute = |name: &str| tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next();
        let kind = attribute("type").unwrap_or("text");
        if matches!(kind, "text" | "email" | "tel")
            && let Some(name) = attribute("name")
        {
            found.push(name.to_owned());
        }
    }
    found
}

service_test!(sixty_scripts_in_every_field_of_a_questionnaire_are_text_or_refused, async |w: World| {
    let vendor = w.vendor("LabCorp");
    w.sweep().await;
    let cookie = w.start_verified(&w.link()).await;
    let tasks = w.respondent_gets("/respond", &cookie).await.text;
    let topics: Vec<String> = tasks
        .split("href=\"/respond/")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|one| {
            !matches!(*one, "check" | "questions" | "upload" | "notice" | "colleagues" | "someone-else" | "reuse")
        })
        .map(|one| format!("/respond/{one}"))
        .collect();
    assert!(topics.len() > 10, "{topics:?}");
    let mut tried = 0;
    for half in SCRIPTS.chunks(30) {
        let all = half.join(" ");
        for topic in &topics {
            let shown = w.respondent_gets(topic, &cookie).await.is(200).text.clone();
            let names = fields(&shown);
            // Every field at once; what must be a day or a number is refused and shown again.
            let typed: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), all.as_str())).collect();
            harmless(&w.respondent_posts(topic, &typed, &cookie).await.text);
            // Then words only, where words are taken.
            for (name, _) in typed {
                let question = name.split(':').next().unwrap_or(name);
                let one = [(question, "na"), (&format!("{question}:reason"), all.as_str()), (name, all.as_str())];
                harmless(&w.respondent_posts(topic, &one, &cookie).await.text);
                tried += half.len();
            }
            harmless(&w.respondent_gets(topic, &cookie).await.text);
        }
        for page in ["/respond/check", "/respond", "/respond/questions"] {
            harmless(&w.respondent_gets(page, &cookie).await.text);
        }
    }
    assert!(tried > 60 * 50, "only {tried} were tried");
    let saved = w.respondent_gets("/respond/check", &cookie).await;
    saved.shows("&lt;script&gt;");

    let all = SCRIPTS[..5].join(" ");
    let signer = [("name", all.as_str()), ("job_title", all.as_str()), ("email", all.as_str()), ("authority", "yes")];
    harmless(&w.respondent_posts("/respond/sign", &signer, &cookie).await.is(422).text);
    let signer = [("name", "Pat <b>"), ("job_title", all.as_str()), ("email", "pat@vendor.test"), ("authority", "yes")];
    w.respondent_posts("/respond/sign", &signer, &cookie).await.leads_to("/respond/receipt");
    harmless(&w.respondent_gets("/respond/receipt", &cookie).await.is(200).text);
    let assessment = w.app.store.read(|conn| store::assessments::of_vendor(conn, &w.scope, vendor)).unwrap()[0].id;
    for page in [format!("/assessments/{assessment}"), format!("/vendors/{vendor}"), "/history".into(), "/flags".into()]
    {
        harmless(&w.get(&page).await.is(200).text);
    }
});

service_test!(a_huge_an_empty_and_an_unknown_field_are_refused_or_nothing, async |w: World| {
    let vendor = w.vendor("LabCorp");
    w.sweep().await;
    let cookie = w.start_verified(&w.link()).await;
    let page = "/respond/self-check";
    let huge = "x".repeat(100_000);
    let long = [("org.self-check.done", "na"), ("org.self-check.done:reason", huge.as_str())];
    w.respondent_posts(page, &long, &cookie).await.is(422).shows("Shorten this");
    let twice = "x".repeat(300_000);
    w.respondent_posts(page, &[("org.self-check.done:reason", twice.as_str())], &cookie).await.is(413);
    let unknown = [("no.such.question", "yes"), ("org.self-check.done", "yes"), ("org.certificates", "none"), ("", "")];
    w.respondent_posts(page, &unknown, &cookie).await.is(303);
    w.respondent_posts(page, &[("org.self-check.done", "perhaps")], &cookie)
        .await
        .is(422)
        .shows("Choose one of the answers");
    let saved = w.app.store.read(|conn| {
        let all = store::assessments::of_vendor(conn, &w.scope, vendor)?;
        store::answers::of(conn, &w.scope, all[0].id)
    });
    assert_eq!(saved.unwrap().into_keys().collect::<Vec<_>>(), ["org.self-check.done"]);
    w.respondent_gets("/respond/no-such-topic", &cookie).await.is(404);
});

service_test!(twenty_links_that_are_not_ours_in_a_minute_are_enough, async |w: World| {
    w.vendor("LabCorp");
    w.sweep().await;
    let good = w.link();
    let from = async |path: &str, peer: &str| {
        let request = TestRequest::get().uri(path).peer_addr(format!("{peer}:40000").parse().unwrap());
        w.send(request, None::<(&'static str, &str)>).await
    };
    for number in 0..20 {
        from(&format!("/i/made-up-{number}"), "203.0.113.7").await.is(404);
    }
    from("/i/made-up-again", "203.0.113.7").await.is(429).shows("Wait a minute");
    from(&good, "203.0.113.7").await.is(429);
    from(&good, "203.0.113.8").await.is(200);
    // A browser that answers already goes on.
    let cookie = w.start(&good).await;
    let going_on = TestRequest::get().uri("/respond").peer_addr("203.0.113.7:40000".parse().unwrap());
    w.send(going_on, Some((RESPONDENT_COOKIE, &cookie))).await.is(200);
});

service_test!(a_signature_from_another_domain_is_shown_to_the_practice, async |w: World| {
    w.vendor("LabCorp");
    w.sweep().await;
    let cookie = w.start_verified(&w.link()).await;
    let signer = [("name", "Sam Stone"), ("job_title", "Manager"), ("email", "sam@mailbox.test"), ("authority", "yes")];
    w.respondent_posts("/respond/sign", &signer, &cookie).await.leads_to("/respond/receipt");
    let flags = w.flags();
    assert!(
        flags.iter().any(|flag| flag.contains("Sam Stone signed the answers with an address at mailbox.test")),
        "{flags:?}"
    );
    assert!(!flags.iter().any(|flag| flag.contains("sam@")));
});
