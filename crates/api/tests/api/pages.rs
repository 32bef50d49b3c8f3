//! Pages, their files and the headers of everything.

use axum::body::Body;
use axum::http::Method;
use recourse_wire::path;

use recourse_testkit::{World, get, request, send, with};

#[tokio::test]
async fn each_page_has_its_policy() {
    let world = World::new().await;
    let strict = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; \
        img-src 'self' blob:; font-src 'none'; worker-src 'self'; form-action 'none'; base-uri 'none'; \
        require-trusted-types-for 'script'; trusted-types recourse";
    let embedders = "https://*.vanity.example:8443 https://app.example https://everywhere.example";
    let pages = [
        (&world.intake, "/embed/demo", "embed.html", format!("{strict}; frame-ancestors {embedders}"), "cross-origin"),
        (&world.intake, "/r/demo", "hosted.html", format!("{strict}; frame-ancestors 'none'"), "same-origin"),
        (
            &world.intake,
            "/follow-up/demo",
            "follow-up.html",
            format!("{strict}; frame-ancestors 'none'"),
            "same-origin",
        ),
        (&world.intake, "/verify", "verify.html", format!("{strict}; frame-ancestors 'none'"), "same-origin"),
        (
            &world.console,
            "/",
            "index.html",
            format!("{strict}; frame-ancestors 'none'; frame-src 'self'"),
            "same-origin",
        ),
        (
            &world.console,
            "/evidence-frame.html",
            "evidence-frame.html",
            "default-src 'none'; img-src blob: data:; style-src 'self'; script-src 'self'; \
             frame-ancestors 'self'; sandbox allow-scripts"
                .to_owned(),
            "cross-origin",
        ),
    ];
    for (router, path, file, policy, resource_policy) in pages {
        let answer = send(router, get(path)).await.expect(200);
        assert_eq!(answer.text(), format!("content of {file}"), "{path}");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{path}");
        assert_eq!(answer.header("content-security-policy"), policy, "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), resource_policy, "{path}");
        assert_eq!(answer.header("cache-control"), "no-cache", "{path}");
        let again = send(router, with(get(path), "if-none-match", answer.header("etag"))).await.expect(304);
        assert_eq!(again.header("content-security-policy"), policy, "{path}");
    }
}

#[tokio::test]
async fn what_is_left_behind_is_empty_and_clears_what_was_kept() {
    let world = World::new().await;
    let answer = send(&world.intake, get("/left")).await.expect(200);
    assert_eq!(answer.header("clear-site-data"), "\"cache\", \"cookies\", \"storage\"");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.header("content-security-policy").starts_with("default-src 'none'; frame-ancestors 'none'"));
    let text = answer.text().to_lowercase();
    for word in ["recourse", "report", "concern", "script", "href", "northwind"] {
        assert!(!text.contains(word), "{word} in {text}");
    }
}

#[tokio::test]
async fn an_unknown_channel_has_a_plain_page_without_anything() {
    let world = World::new().await;
    for path in ["/embed/other", "/r/other", "/follow-up/Not%20a%20name"] {
        let answer = send(&world.intake, get(path)).await.expect(404);
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        assert!(answer.text().contains("There is no page at this address"));
        assert!(answer.header("content-security-policy").contains("default-src 'none'"));
        assert!(!answer.text().contains("other") && !answer.text().contains("Not"), "nothing is repeated");
    }
}

#[tokio::test]
async fn files_are_cached_for_ever_typed_and_compressed() {
    let world = World::new().await;
    let asset = "/assets/app-1.js";
    let plain = send(&world.intake, get(asset)).await.expect(200);
    assert_eq!(plain.text(), "content of assets/app-1.js");
    assert_eq!(plain.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!((plain.header("vary"), plain.header("content-encoding")), ("accept-encoding", ""));
    assert_eq!(plain.header("cross-origin-resource-policy"), "same-origin");
    assert_eq!(plain.header("access-control-allow-origin"), "");
    assert!(
        plain.header("content-security-policy").contains("connect-src 'self'"),
        "a worker takes its policy from here"
    );
    for (accepted, compressed) in [("gzip, br", true), ("br;q=0.5", true), ("br;q=0", false), ("gzip", false)] {
        let answer = send(&world.intake, with(get(asset), "accept-encoding", accepted)).await.expect(200);
        assert_eq!(answer.header("content-encoding") == "br", compressed, "{accepted}");
        assert_eq!(answer.text().starts_with("brotli"), compressed, "{accepted}");
    }

    let wasm = send(&world.console, get("/assets/app-1.wasm")).await.expect(200);
    assert_eq!(wasm.header("content-type"), "application/wasm");
    let loader = send(&world.intake, get("/widget/report-concern.js")).await.expect(200);
    assert_eq!(loader.header("cache-control"), "public, max-age=3600", "the next release has the same address");
    let exact = send(&world.intake, get("/widget/1.2.3/report-concern.js")).await.expect(200);
    assert_eq!(exact.header("cache-control"), "public, max-age=31536000, immutable");
    for answer in [wasm, loader, exact] {
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert_eq!(answer.header("cross-origin-resource-policy"), "cross-origin");
    }
}

#[tokio::test]
async fn every_answer_is_careful_and_none_sets_a_cookie() {
    let world = World::new().await;
    let pages =
        ["/healthz", "/readyz", "/r/demo", "/r/none", "/assets/app-1.js", "/assets/none", "/widget/report-concern.js"];
    let api =
        [world.path(path::MANIFEST), world.path(path::OWN_CASE), world.path(path::UPLOADS), "/api/v1/none".to_owned()];
    for path in pages.into_iter().chain(api.iter().map(String::as_str)) {
        for method in [Method::GET, Method::POST, Method::OPTIONS, Method::HEAD] {
            let request = with(request(method.clone(), path, Body::empty()), "cookie", "name=secret");
            let answer = send(&world.intake, request).await;
            let expected = [
                ("referrer-policy", "no-referrer"),
                ("x-content-type-options", "nosniff"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-embedder-policy", "require-corp"),
                ("set-cookie", ""),
            ];
            for (name, value) in expected {
                assert_eq!(answer.header(name), value, "{method} {path}");
            }
            assert!(answer.headers.contains_key("content-security-policy"), "{method} {path}");
            assert!(!answer.text().contains("secret"));
            if path.starts_with("/api/") && !path.ends_with("manifest") {
                assert_eq!(answer.header("cache-control"), "no-store", "{method} {path}");
            }
        }
    }
}

#[tokio::test]
async fn readiness_warns_of_cookies() {
    let world = World::new().await;
    send(&world.intake, get("/healthz")).await.expect(200);
    assert_eq!(send(&world.console, get("/readyz")).await.expect(200).text(), r#"{"ready":true,"warnings":[]}"#);
    send(&world.intake, with(get("/r/demo"), "cookie", "name=secret")).await.expect(200);
    let answer = send(&world.console, get("/readyz")).await.expect(200);
    assert_eq!(answer.text(), r#"{"ready":true,"warnings":["cookie-arrived"]}"#);
}

#[test]
fn only_origins_can_stand_in_a_policy() {
    for good in ["https://app.example", "http://localhost:9000", "https://*.app.example", "https://app.example:8443"] {
        assert!(recourse_api::is_origin(good), "{good}");
    }
    for bad in [
        "app.example",
        "https://",
        "https://a b",
        "https://a;script-src *",
        "https://a/",
        "ftp://a",
        "*",
        "https://a:x",
        "'self'",
    ] {
        assert!(!recourse_api::is_origin(bad), "{bad}");
    }
}
