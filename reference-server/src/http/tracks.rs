//! `loadtracks`, `decodetrack`, `decodetracks`.

use axum::Json;
use axum::extract::{Request, State};
use http::Uri;
use serde_json::{Value, json};

use super::{ApiError, body};
use crate::server::Server;
use crate::tracks::LoadResult;

/// `GET /v4/loadtracks?identifier=`.
pub(crate) async fn load(State(server): State<Server>, uri: Uri) -> Result<Json<Value>, ApiError> {
    let identifier = body::query(&uri, "identifier")
        .ok_or_else(|| ApiError::bad_request("Required parameter 'identifier' is not present."))?;
    Ok(Json(match server.sources.load(&identifier).await {
        LoadResult::Track(track) => {
            json!({"loadType": "track", "data": track.to_json(track.position, &json!({}))})
        }
        LoadResult::Empty => json!({"loadType": "empty", "data": null}),
        LoadResult::Failed(failure) => json!({"loadType": "error", "data": failure.to_json()}),
    }))
}

/// `GET /v4/decodetrack?encodedTrack=` or `?track=`.
pub(crate) async fn decode_one(
    State(server): State<Server>,
    uri: Uri,
) -> Result<Json<Value>, ApiError> {
    let encoded = body::query(&uri, "encodedTrack")
        .or_else(|| body::query(&uri, "track"))
        .ok_or_else(|| ApiError::bad_request("No track to decode provided"))?;
    decoded(&server, &encoded).map(Json)
}

/// `POST /v4/decodetracks`: an array of encoded tracks.
pub(crate) async fn decode_many(
    State(server): State<Server>,
    request: Request,
) -> Result<Json<Value>, ApiError> {
    let body = body::json(&server, request).await?;
    let encoded = body.list()?.iter().map(|item| item.text()).collect::<Result<Vec<_>, _>>()?;
    if encoded.is_empty() {
        return Err(ApiError::bad_request("No tracks to decode provided"));
    }
    let tracks = encoded.iter().map(|encoded| decoded(&server, encoded));
    tracks.collect::<Result<Vec<_>, _>>().map(|tracks| Json(Value::Array(tracks)))
}

/// The track object; its `encoded` is what was sent.
fn decoded(server: &Server, encoded: &str) -> Result<Value, ApiError> {
    let track = server.sources.decode(encoded)?;
    let mut object = track.to_json(track.position, &json!({}));
    object["encoded"] = encoded.into();
    Ok(object)
}
