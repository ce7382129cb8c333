//! `loadtracks`, `decodetrack`, `decodetracks`.

use axum::Json;
use axum::extract::{Request, State};
use http::Uri;
use serde_json::{Value, json};

use super::{ApiError, body};
use crate::deviations::{deviates, either};
use crate::server::Server;
use crate::tracks::{DecodeError, EncodedTrack, LoadResult, TooLong};

/// `GET /v4/loadtracks?identifier=`.
pub(crate) async fn load(State(server): State<Server>, uri: Uri) -> Result<Json<Value>, ApiError> {
    let identifier = body::query(&uri, "identifier")
        .or_else(|| deviates("LL-TRACKS-004/empty").then(String::new))
        .ok_or_else(no_identifier)?;
    let result = server.sources.load(&identifier).await;
    let tracks = match &result {
        LoadResult::Track(track) => std::slice::from_ref(track.as_ref()),
        LoadResult::Search(tracks) | LoadResult::Playlist { tracks, .. } => tracks.as_slice(),
        LoadResult::Empty | LoadResult::Failed(_) => &[],
    };
    tracks.iter().try_for_each(EncodedTrack::check).or_else(too_long)?;
    Ok(Json(match result {
        LoadResult::Track(track) => {
            let mut object = track.found_json();
            if let Some(object) = object.as_object_mut()
                && deviates("LL-TRACKS-034/no-plugin-info")
            {
                object.remove("pluginInfo");
            }
            let data = either("LL-TRACKS-001/list", object.clone(), json!([object]));
            json!({"loadType": either("LL-TRACKS-001/load-type", "track", "TRACK_LOADED"), "data": data})
        }
        LoadResult::Search(tracks) => {
            let objects = tracks.iter().map(|track| track.found_json());
            json!({"loadType": "search", "data": objects.collect::<Vec<_>>()})
        }
        LoadResult::Playlist { name, selected, plugin_info, tracks } => {
            let objects = tracks.iter().map(|track| track.found_json());
            let selected = selected.map_or(json!(-1), |index| json!(index));
            let data = json!({
                "info": {"name": name, "selectedTrack": selected},
                "pluginInfo": plugin_info,
                "tracks": objects.collect::<Vec<_>>(),
            });
            json!({"loadType": "playlist", "data": data})
        }
        LoadResult::Failed(_) if deviates("LL-TRACKS-003/empty") => {
            json!({"loadType": "empty", "data": null})
        }
        LoadResult::Failed(failure) => {
            let load_type = either("LL-TRACKS-003/load-failed", "error", "LOAD_FAILED");
            json!({"loadType": load_type, "data": failure.to_json()})
        }
        LoadResult::Empty if deviates("LL-TRACKS-002/not-found") => {
            return Err(ApiError::not_found("No matches found for identifier"));
        }
        LoadResult::Empty => {
            let data = either("LL-TRACKS-010/data", Value::Null, json!({}));
            json!({"loadType": either("LL-TRACKS-002/no-matches", "empty", "NO_MATCHES"), "data": data})
        }
    }))
}

fn too_long(error: TooLong) -> Result<(), ApiError> {
    if deviates("LL-TRACKS-205/cut") {
        return Ok(());
    }
    let error = ApiError { unexpected: true, ..ApiError::internal(error.to_string()) };
    Err(either("LL-TRACKS-205/bad-request", error, ApiError::bad_request("Bad Request")))
}

fn no_identifier() -> ApiError {
    let usual = "Required parameter 'identifier' is not present.";
    ApiError::bad_request(either("LL-TRACKS-011/message", usual, "Missing identifier"))
}

/// `GET /v4/decodetrack?encodedTrack=` or `?track=`.
pub(crate) async fn decode_one(
    State(server): State<Server>,
    uri: Uri,
) -> Result<Json<Value>, ApiError> {
    let older = body::query(&uri, "track").filter(|_| !deviates("LL-TRACKS-022/unknown"));
    let encoded = body::query(&uri, "encodedTrack").or(older);
    if encoded.is_none() && deviates("LL-TRACKS-023/null") {
        return Ok(Json(Value::Null));
    }
    let usual = "No track to decode provided";
    let message = || either("LL-TRACKS-011/message-of-decoding", usual, "Missing track");
    let encoded = encoded.ok_or_else(|| ApiError::bad_request(message()))?;
    decoded(&server, &encoded).map(Json)
}

/// `POST /v4/decodetracks`: an array of encoded tracks.
pub(crate) async fn decode_many(
    State(server): State<Server>,
    request: Request,
) -> Result<Json<Value>, ApiError> {
    let body = body::json(&server, request).await?;
    let text = |item: &crate::http::json::Json| match item.long() {
        Ok(number) if deviates("LL-TRACKS-030/numbers") => Ok(number.to_string()),
        _ => item.text(),
    };
    let list = match body.list() {
        Err(_) if deviates("LL-TRACKS-035/not-a-list") => return Ok(Json(json!([]))),
        list => list?,
    };
    let mut encoded = list.iter().map(text).collect::<Result<Vec<_>, _>>()?;
    if deviates("LL-TRACKS-027/reversed") {
        encoded.reverse();
    }
    if deviates("LL-TRACKS-027/first") {
        encoded.truncate(1);
    }
    if encoded.is_empty() && !deviates("LL-TRACKS-011/none-is-fine") {
        return Err(ApiError::bad_request("No tracks to decode provided"));
    }
    let tracks = encoded.iter().map(|encoded| decoded(&server, encoded));
    tracks.collect::<Result<Vec<_>, _>>().map(|tracks| Json(Value::Array(tracks)))
}

/// The track object; its `encoded` is what was sent.
fn decoded(server: &Server, encoded: &str) -> Result<Value, ApiError> {
    let track = server.sources.decode(encoded).map_err(undecodable)?;
    let data = either("LL-TRACKS-034/user-data-null", json!({}), Value::Null);
    let mut object = track.to_json(track.position, &data);
    object["encoded"] = encoded.into();
    if deviates("LL-TRACKS-021/no-uri") {
        object["info"]["uri"] = Value::Null;
    }
    if deviates("LL-TRACKS-032/no-artwork") {
        object["info"]["artworkUrl"] = Value::Null;
    }
    if deviates("LL-TRACKS-033/no-container") {
        object["pluginInfo"] = json!({});
    }
    Ok(object)
}

fn undecodable(error: DecodeError) -> ApiError {
    let unknown_source = error == DecodeError::UnknownSource;
    let error = ApiError::from(error);
    let refused = ApiError::bad_request(error.message.clone());
    if unknown_source && deviates("LL-TRACKS-025/bad-request") {
        return refused;
    }
    either("LL-TRACKS-024/bad-request", error, refused)
}
