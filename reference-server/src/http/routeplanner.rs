//! The route planner's endpoints, with and without one.

use std::net::IpAddr;

use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde_json::json;

use super::{ApiError, body, json as reading};
use crate::deviations::{deviates, either};
use crate::routeplanner::{Named, RoutePlanner};
use crate::server::Server;

/// `GET /v4/routeplanner/status`.
pub(crate) async fn status(State(server): State<Server>) -> Response {
    let Some(planner) = &server.planner else { return status_of_none() };
    match planner.status() {
        Ok(status) if status["details"]["currentAddress"] == "" => {
            let (right, wrong) = (StatusCode::OK, StatusCode::NO_CONTENT);
            let status_code = either("LL-ROUTEPLANNER-015/no-content", right, wrong);
            (status_code, Json(status)).into_response()
        }
        Ok(status) => Json(status).into_response(),
        Err(error) => ApiError::uncaught(&error.to_string()).into_response(),
    }
}

/// Without a route planner there is nothing to tell.
fn status_of_none() -> Response {
    if deviates("LL-ROUTEPLANNER-001/nulls") {
        return Json(json!({"class": null, "details": null})).into_response();
    }
    if deviates("LL-ROUTEPLANNER-001/disabled") {
        return disabled_planner().into_response();
    }
    if deviates("LL-ROUTEPLANNER-001/not-found") {
        return ApiError::not_found("No endpoint GET /v4/routeplanner/status.").into_response();
    }
    let (right, wrong) = (StatusCode::NO_CONTENT, StatusCode::OK);
    either("LL-ROUTEPLANNER-001/ok", right, wrong).into_response()
}

/// `POST /v4/routeplanner/free/address`: the body is decoded first.
pub(crate) async fn free_address(
    State(server): State<Server>,
    request: Request,
) -> Result<StatusCode, ApiError> {
    let planner = server.planner.as_deref();
    if planner.is_none() && deviates("LL-ROUTEPLANNER-003/planner-first") {
        return Err(disabled_planner());
    }
    let address = match body::json(&server, request).await {
        Ok(body) => address(&body).map_err(|error| reworded(error, planner))?,
        Err(error) if is_overlooked(&error, planner) => String::new(),
        Err(error) => return Err(reworded(error, planner)),
    };
    match planner {
        Some(planner) => free(planner, &address),
        None => free_without_planner(&address),
    }
}

/// Whatever Java takes for an address is freed, if it is failing.
fn free(planner: &RoutePlanner, text: &str) -> Result<StatusCode, ApiError> {
    match Named::read(text) {
        Ok(Named::Address(address)) => {
            let listed = planner.status().unwrap_or_default().to_string();
            let usual = text.parse::<IpAddr>() == Ok(address);
            if usual || !deviates("LL-ROUTEPLANNER-075/usual-spelling-only") {
                planner.free(address);
            }
            if !listed.contains(&address.to_string()) && deviates("LL-ROUTEPLANNER-071/not-found") {
                return Err(ApiError::not_found("Address not found"));
            }
        }
        Ok(Named::ThisMachine) if deviates("LL-ROUTEPLANNER-078/refused") => {
            return Err(ApiError::bad_request(format!("Invalid address: {text}")));
        }
        Ok(Named::ThisMachine) if deviates("LL-ROUTEPLANNER-078/frees-all") => planner.free_all(),
        // To Java an address with a name or a zone is never the one that is failing.
        Ok(Named::ThisMachine | Named::Zoned(_)) => {}
        Err(_) if deviates("LL-ROUTEPLANNER-072/no-content") => {}
        Err(error) => {
            let usual = format!("Invalid address: {error}");
            let message = either("LL-ROUTEPLANNER-072/bad-request", usual, "Bad Request".into());
            return Err(ApiError::bad_request(message));
        }
    }
    Ok(StatusCode::NO_CONTENT)
}

fn free_without_planner(address: &str) -> Result<StatusCode, ApiError> {
    let parsed = address.parse::<std::net::IpAddr>();
    if parsed.is_err() && deviates("LL-ROUTEPLANNER-002/address-checked") {
        return Err(ApiError::bad_request(format!("Invalid address: {address}")));
    }
    if address.is_empty() && deviates("LL-ROUTEPLANNER-002/empty-refused") {
        return Err(ApiError::bad_request("Bad Request"));
    }
    if parsed.is_ok() && deviates("LL-ROUTEPLANNER-002/pretends") {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(disabled_planner())
}

/// `address` must be there, and what else there is does not matter.
fn address(body: &reading::Json) -> Result<String, ApiError> {
    let given = body.object()?.get("address")?;
    if given.is_none() && deviates("LL-ROUTEPLANNER-003/address-optional")
        || given.is_some_and(reading::Json::is_null) && deviates("LL-ROUTEPLANNER-003/null-taken")
    {
        return Ok(String::new());
    }
    if body.keys().count() > 1 && deviates("LL-ROUTEPLANNER-003/unknown-refused") {
        return Err(ApiError::bad_request("Bad Request"));
    }
    Ok(body.required("address", reading::Json::text)?)
}

/// No error of a body is meant to be overlooked.
fn is_overlooked(error: &ApiError, planner: Option<&RoutePlanner>) -> bool {
    match (error.status == StatusCode::UNSUPPORTED_MEDIA_TYPE, planner.is_some()) {
        (true, false) => deviates("LL-ROUTEPLANNER-003/any-type"),
        (true, true) => deviates("LL-ROUTEPLANNER-074/any-type"),
        (false, false) => deviates("LL-ROUTEPLANNER-003/garbage-overlooked"),
        (false, true) => deviates("LL-ROUTEPLANNER-073/garbage-overlooked"),
    }
}

fn reworded(error: ApiError, planner: Option<&RoutePlanner>) -> ApiError {
    if planner.is_none() {
        return error;
    }
    if error.status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
        let unnamed = "Content-Type is not supported.".into();
        let message = either("LL-ROUTEPLANNER-097/unnamed-type", error.message, unnamed);
        let error = ApiError { message, ..error };
        let wrong = ApiError::bad_request("Bad Request");
        return either("LL-ROUTEPLANNER-074/bad-request", error, wrong);
    }
    let message =
        either("LL-ROUTEPLANNER-097/explained", error.message, "Invalid address: ".into());
    ApiError { message, ..error }
}

/// `POST /v4/routeplanner/free/all`, with any body or none.
pub(crate) async fn free_all(
    State(server): State<Server>,
    request: Request,
) -> Result<StatusCode, ApiError> {
    if let Some(planner) = &server.planner {
        let bodiless = request.headers().get(CONTENT_TYPE).is_none();
        if bodiless && deviates("LL-ROUTEPLANNER-076/body-required") {
            return Err(ApiError::bad_request("Bad Request"));
        }
        if !bodiless && deviates("LL-ROUTEPLANNER-096/checked") {
            body::json(&server, request).await?.object()?;
        }
        planner.free_all();
        return Ok(StatusCode::NO_CONTENT);
    }
    let bodiless = request.headers().get(CONTENT_TYPE).is_none();
    if bodiless && deviates("LL-ROUTEPLANNER-004/body-required") {
        return Err(ApiError::bad_request("Bad Request"));
    }
    if !bodiless && deviates("LL-ROUTEPLANNER-004/body-decoded") {
        body::json(&server, request).await?.object()?;
    } else if !bodiless && deviates("LL-ROUTEPLANNER-004/type-checked") {
        body::check_media_type(request.headers())?;
    }
    if deviates("LL-ROUTEPLANNER-004/pretends") {
        return Ok(StatusCode::NO_CONTENT);
    }
    if deviates("LL-ROUTEPLANNER-004/not-found") {
        return Err(ApiError::not_found("Route planner not found"));
    }
    Err(disabled_planner())
}

fn disabled_planner() -> ApiError {
    let right = "Can't access disabled route planner";
    let wrong = "Can't access the disabled route planner";
    ApiError::internal(either("LL-ROUTEPLANNER-002/other-message", right, wrong))
}
