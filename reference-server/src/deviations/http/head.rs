//! Request heads: what is refused of them, and which path they mean.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::{CONNECTION, CONTENT_LENGTH, COOKIE, HOST, TRANSFER_ENCODING};
use http::uri::{Authority, PathAndQuery};
use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, Uri, Version};
use hyper::body::Incoming;
use percent_encoding::percent_decode;

use super::super::row::{Row, chosen_of};
use super::targets::{escape, mend_escapes, replace, resolve};
use super::{Asked, At, Break, answer, instead, request};
use crate::error::ApiError;
use crate::http::error_object;
use crate::http::head::{self, AsSent, Limits, MOST_COOKIES, count_cookies, too_many_cookies};

/// A break of a request's head, before a router has it.
pub(in crate::deviations) enum Change {
    Head(fn(&mut Head)),
    /// The answer to a refused head.
    Refusal(fn(&mut Response)),
}

/// A request's head, as rows see and change it.
pub(in crate::deviations) struct Head {
    uri: Uri,
    version: Version,
    headers: HeaderMap,
    /// The bytes that came, if they are known.
    sent: Vec<u8>,
    limits: Limits,
    is_refused: bool,
}

const fn change(name: &'static str, summary: &'static str, change: fn(&mut Head)) -> Row<Change> {
    Row { name, summary, change: Change::Head(change) }
}

/// A head that the real server takes is refused.
macro_rules! refuse {
    ($name:literal, $summary:literal, $is_refused:expr) => {
        change($name, $summary, |head| refuse_if(head, $is_refused))
    };
}

fn refuse_if(head: &mut Head, is_refused: fn(&Head) -> bool) {
    head.is_refused = is_refused(head);
}

const fn refused(
    name: &'static str,
    summary: &'static str,
    change: fn(&mut Response),
) -> Row<Change> {
    Row { name, summary, change: Change::Refusal(change) }
}

const HEADS: &[Row<Change>] = &[
    change("LL-HTTP-200/bar-taken", "a raw | is taken in a target", |head| {
        head.edit_target(|target| replace(target, b"|", b"%7C"));
    }),
    refused("LL-HTTP-200/error-object", "a refused head is told as an error object", |response| {
        let error = ApiError::bad_request("Bad Request");
        let body = Json(error_object(&error, &Uri::default(), 0));
        *response = (StatusCode::BAD_REQUEST, body).into_response();
    }),
    change("LL-HTTP-200/fragment-cut-off", "a fragment is cut off the target", |head| {
        head.edit_target(|target| {
            target.split(|byte| *byte == b'#').next().unwrap_or_default().to_vec()
        });
    }),
    refused("LL-HTTP-200/kept-open", "the connection goes on after a refused head", |response| {
        response.headers_mut().remove(CONNECTION);
    }),
    change("LL-HTTP-200/path-taken", "raw characters are taken in paths", |head| {
        head.edit_parts(|part, is_path| if is_path { escape(part) } else { part.to_vec() });
    }),
    change("LL-HTTP-200/query-taken", "raw characters are taken in queries", |head| {
        head.edit_parts(|part, is_path| if is_path { part.to_vec() } else { escape(part) });
    }),
    change("LL-HTTP-200/taken", "raw characters are taken", |head| {
        head.edit_parts(|part, _| escape(part))
    }),
    change("LL-HTTP-200/utf-8-taken", "raw UTF-8 is taken in a target", |head| {
        head.edit_parts(|part, _| if part.is_ascii() { part.to_vec() } else { escape(part) });
    }),
    refuse!("LL-HTTP-201/brackets-refused", "raw brackets are refused in a target", |head| {
        head.target().iter().any(|byte| b"[]".contains(byte))
    }),
    refuse!("LL-HTTP-201/quotes-refused", "raw ' and * are refused in a target", |head| {
        head.target().iter().any(|byte| b"'*".contains(byte))
    }),
    change("LL-HTTP-202/slashes-decoded", "an escaped slash divides a path", |head| {
        head.edit_path(|path| path.replace("%2f", "/").replace("%2F", "/"));
    }),
    change("LL-HTTP-203/escaped-too", "an escaped semicolon begins parameters too", |head| {
        head.edit_path(|path| path.replace("%3b", ";").replace("%3B", ";"));
    }),
    change(
        "LL-HTTP-203/part-of-the-path",
        "parameters after a semicolon are part of the path",
        |head| {
            head.edit_path(|path| path.replace(';', "%3B"));
        },
    ),
    change("LL-HTTP-204/cut-short-taken", "an escape that the target ends in is taken", |head| {
        head.edit_parts(|part, _| mend_escapes(part, |digits| digits.len() < 2));
    }),
    refuse!("LL-HTTP-204/nul-refused", "an escaped NUL is refused", |head| {
        percent_decode(head.uri.query().unwrap_or_default().as_bytes()).any(|byte| byte == 0)
    }),
    refuse!("LL-HTTP-204/only-utf-8", "escapes that make no UTF-8 are refused", |head| {
        let query = head.uri.query().unwrap_or_default();
        percent_decode(query.as_bytes()).decode_utf8().is_err()
    }),
    change("LL-HTTP-204/path-taken", "wrong escapes are taken in paths", |head| {
        head.edit_parts(|part, is_path| mend_escapes(part, |_| is_path));
    }),
    change("LL-HTTP-204/query-taken", "wrong escapes are taken in queries", |head| {
        head.edit_parts(|part, is_path| mend_escapes(part, |_| !is_path));
    }),
    change("LL-HTTP-204/taken", "wrong escapes are taken", |head| {
        head.edit_parts(|part, _| mend_escapes(part, |_| true));
    }),
    change("LL-HTTP-401/taken", "a header may be called anything", |head| {
        let lines = head.sent.split_inclusive(|byte| *byte == b'\n');
        let is_odd = |line: &[u8]| {
            let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
            line.contains(&b':')
                && name.iter().any(|byte| !byte.is_ascii() || b"(/\"@".contains(byte))
        };
        let (first, rest): (Vec<_>, Vec<_>) = lines.enumerate().partition(|(at, _)| *at == 0);
        let kept = first.into_iter().chain(rest.into_iter().filter(|(_, line)| !is_odd(line)));
        head.sent = kept.flat_map(|(_, line)| line).copied().collect();
    }),
    change("LL-HTTP-205/any-number", "a query may have any number of parameters", |head| {
        head.limits.parameters = usize::MAX
    }),
    change("LL-HTTP-205/one-less", "a query may have 999 parameters", |head| {
        head.limits.parameters -= 1
    }),
    change("LL-HTTP-206/dots-resolved", ". and .. in a path are resolved", |head| {
        head.edit_path(resolve)
    }),
    change("LL-HTTP-206/slashes-merged", "slashes that follow each other count as one", |head| {
        head.edit_path(|path| {
            let names = path.split('/').filter(|name| !name.is_empty());
            format!("/{}", names.collect::<Vec<_>>().join("/"))
        });
    }),
    refuse!("LL-HTTP-210/asked-of-1-0", "HTTP/1.0 needs a Host as well", |head| {
        let mut hosts = head.headers.get_all(HOST).iter();
        let named = hosts.any(|host| !host.as_bytes().trim_ascii().is_empty());
        head.version != Version::HTTP_11 && !named
    }),
    change("LL-HTTP-210/empty-taken", "an empty Host is taken", |head| {
        let blank = |host: &HeaderValue| host.as_bytes().trim_ascii().is_empty();
        if head.headers.get(HOST).is_some_and(blank) {
            head.headers.insert(HOST, HeaderValue::from_static("empty"));
        }
    }),
    change("LL-HTTP-210/none-taken", "HTTP/1.1 needs no Host", |head| {
        head.headers.entry(HOST).or_insert(HeaderValue::from_static("none"));
    }),
    refuse!("LL-HTTP-210/read", "a Host that is none is refused", |head| {
        let hosts = head.headers.get_all(HOST).iter().map(HeaderValue::as_bytes);
        hosts.filter(|host| !host.is_empty()).any(|host| Authority::try_from(host).is_err())
    }),
    change("LL-HTTP-210/two-taken", "a request may have two Hosts", |head| {
        if let Some(first) = head.headers.get(HOST).cloned() {
            head.headers.insert(HOST, first);
        }
    }),
    change("LL-HTTP-211/any-length", "a head may be longer than 8192 bytes", |head| {
        head.limits.bytes = usize::MAX
    }),
    change("LL-HTTP-211/one-less", "a head may have 8191 bytes", |head| head.limits.bytes -= 1),
    change("LL-HTTP-212/any-number", "a request may have more than 200 headers", |head| {
        head.limits.headers *= 10
    }),
    change("LL-HTTP-212/any-of-one-name", "a request may have 200 headers of one name", |head| {
        head.limits.of_one_name = head.limits.headers;
    }),
    change("LL-HTTP-212/fewer-of-one-name", "a request may have 126 headers of one name", |head| {
        head.limits.of_one_name -= 1
    }),
    change("LL-HTTP-212/one-less", "a request may have 199 headers", |head| {
        head.limits.headers -= 1
    }),
    change(
        "LL-HTTP-213/both-taken",
        "a body may be told to be chunked and to have a length",
        |head| {
            if head.headers.contains_key(TRANSFER_ENCODING) {
                head.keep_lines(&CONTENT_LENGTH, 0);
            }
        },
    ),
    change("LL-HTTP-213/encodings-taken", "a body may be told twice to be chunked", |head| {
        head.keep_lines(&TRANSFER_ENCODING, 1)
    }),
    change("LL-HTTP-213/same-lengths-taken", "the length of a body may be told twice", |head| {
        head.keep_lines(&CONTENT_LENGTH, 1)
    }),
];

/// What the router is first to look at in a head.
pub(super) const ROWS: &[Row<Break>] = &[
    answer("LL-HTTP-214/bad-request", "too many cookies are a 400", At::Everywhere, |_, answer| {
        if answer.message().starts_with("UT000046: ") {
            answer.restate(StatusCode::BAD_REQUEST);
        }
    }),
    instead("LL-HTTP-214/fewer", "a request may have 199 cookies", At::Everywhere, |asked| {
        let refused = count_cookies(&asked.headers) == MOST_COOKIES;
        refused.then(|| asked.told(&too_many_cookies()))
    }),
    request(
        "LL-HTTP-214/more",
        "a request may have more than 200 cookies",
        At::Everywhere,
        |asked: &mut Asked| {
            if count_cookies(&asked.headers) > MOST_COOKIES {
                asked.headers.remove(COOKIE);
            }
        },
    ),
];

pub(in crate::deviations) fn rows() -> impl Iterator<Item = &'static Row<Change>> {
    HEADS.iter()
}

/// Whether a request's head is refused, of which these bytes were sent.
pub(in crate::deviations) fn is_refused(request: &mut Request<Incoming>, sent: &[u8]) -> bool {
    let rightly = head::is_refused(request, sent, &Limits::REAL);
    let written = request.uri().clone();
    let mut changed = Head {
        uri: written.clone(),
        version: request.version(),
        headers: std::mem::take(request.headers_mut()),
        sent: sent.to_vec(),
        limits: Limits::REAL,
        is_refused: false,
    };
    let mut reached = Vec::new();
    for row in chosen_of(rows()) {
        if let Change::Head(change) = row.change {
            let before = (changed.uri.clone(), changed.headers.clone(), changed.sent.clone());
            change(&mut changed);
            let edited = (&before.0, &before.1, &before.2)
                != (&changed.uri, &changed.headers, &changed.sent);
            reached.push((row, edited));
        }
    }
    *request.headers_mut() = changed.headers;
    if changed.uri != written {
        *request.uri_mut() = changed.uri;
        // Errors show the target that the client wrote.
        request.extensions_mut().insert(AsSent(written));
    }
    let refused = changed.is_refused || head::is_refused(request, &changed.sent, &changed.limits);
    for (row, edited) in reached {
        row.count_if(edited || refused != rightly);
    }
    refused
}

/// Changes the answer to a refused head.
pub(in crate::deviations) fn refusal(response: &mut Response) {
    for row in chosen_of(rows()) {
        if let Change::Refusal(change) = row.change {
            change(response);
            row.count_if(true);
        }
    }
}

impl Head {
    /// The target as it was sent, its fragment included.
    fn target(&self) -> Vec<u8> {
        let seen = self.uri.to_string().into_bytes();
        let sent = self.sent.split(|byte| *byte == b' ').nth(1).unwrap_or_default();
        if sent.starts_with(&seen) { sent.to_vec() } else { seen }
    }

    fn edit_target(&mut self, edit: impl FnOnce(&[u8]) -> Vec<u8>) {
        let before = self.target();
        let after = edit(&before);
        let seen = after.split(|byte| *byte == b'#').next().unwrap_or_default();
        let Ok(target) = PathAndQuery::try_from(seen) else { return };
        let mut parts = self.uri.clone().into_parts();
        parts.path_and_query = Some(target);
        let Ok(uri) = Uri::from_parts(parts) else { return };
        if after != before {
            self.uri = uri;
            self.sent = replace(&self.sent, &before, &after);
        }
    }

    /// Changes the path, and the query with its question mark.
    fn edit_parts(&mut self, edit: impl Fn(&[u8], bool) -> Vec<u8>) {
        self.edit_target(|target| {
            let end = target.iter().position(|byte| *byte == b'?').unwrap_or(target.len());
            let (path, query) = target.split_at(end);
            [edit(path, true), edit(query, false)].concat()
        });
    }

    fn edit_path(&mut self, edit: impl Fn(&str) -> String) {
        self.edit_parts(|part, is_path| match std::str::from_utf8(part) {
            Ok(path) if is_path => edit(path).into_bytes(),
            _ => part.to_vec(),
        });
    }

    /// Keeps the first lines of a name, and drops the others.
    fn keep_lines(&mut self, name: &HeaderName, most: usize) {
        let values: Vec<_> = self.headers.get_all(name).iter().take(most).cloned().collect();
        self.headers.remove(name);
        for value in values {
            self.headers.append(name, value);
        }
        let mut count = 0;
        let kept = self.sent.split_inclusive(|byte| *byte == b'\n').filter(|line| {
            let sent = line.split(|byte| *byte == b':').next().unwrap_or_default();
            if sent.trim_ascii().eq_ignore_ascii_case(name.as_str().as_bytes()) {
                count += 1;
                return count <= most;
            }
            true
        });
        self.sent = kept.collect::<Vec<_>>().concat();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(target: &str, lines: &str) -> Head {
        Head {
            uri: target.split('#').next().unwrap().parse().unwrap(),
            version: Version::HTTP_11,
            headers: HeaderMap::new(),
            sent: format!("GET {target} HTTP/1.1\r\n{lines}\r\n").into_bytes(),
            limits: Limits::REAL,
            is_refused: false,
        }
    }

    #[test]
    fn a_target_is_changed_where_it_was_sent_too() {
        let mut head = head("/a|b?c|d#e", "");
        head.edit_parts(|part, is_path| if is_path { escape(part) } else { part.to_vec() });
        assert_eq!(head.uri, "/a%7Cb?c|d");
        assert_eq!(head.sent, b"GET /a%7Cb?c|d#e HTTP/1.1\r\n\r\n");
    }

    #[test]
    fn lines_of_a_name_are_dropped() {
        let mut head = head("/", "Content-Length: 2\r\nX: y\r\ncontent-length: 2\r\n");
        head.keep_lines(&CONTENT_LENGTH, 1);
        assert_eq!(head.sent, b"GET / HTTP/1.1\r\nContent-Length: 2\r\nX: y\r\n\r\n");
    }
}
