//! `GET /v1/openapi.json`: the API as an OpenAPI 3.1 document, made from the list of routes and the words and schemas here.
//! Tests hold every answer of theirs against it, so it can't drift from what the server says.

mod operations;
mod schemas;

use crate::VERSION;
use axum::Json;
use operations::{Access, Operation, operation};
use serde_json::{Map, Value, json};
use tidemark_protocol::{PACKED_MEDIA_TYPE, ProblemCode};

use super::Route;

/// The document for a list of routes.
pub fn document(routes: &[Route]) -> Value {
    let mut paths = Map::new();
    for (method, path) in routes {
        let entry = paths.entry(*path).or_insert_with(|| json!({}));
        entry[method.as_str().to_ascii_lowercase()] = written(path, &operation(method, path));
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Tidemark sync server",
            "version": VERSION,
            "description": "Body metrics of several devices, merged. Unknown request fields are ignored; every error is \
                            application/problem+json with a stable code; every answer carries Tidemark-Protocol and \
                            X-Request-Id.",
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "__Host-tidemark"},
            },
            "schemas": schemas::all(),
        },
    })
}

/// An operation as OpenAPI has it.
fn written(path: &str, operation: &Operation) -> Value {
    let mut responses = Map::new();
    for (status, schema) in operation.answers {
        responses.insert(status.to_string(), answer(operation, schema));
    }
    for code in operation.problems.iter().chain(operation.access.problems()) {
        let entry = responses
            .entry(code.status().to_string())
            .or_insert_with(problem);
        if let Some(codes) = entry["x-codes"].as_array_mut() {
            codes.push(json!(code));
        }
    }
    let mut parameters: Vec<Value> = operation.query.iter().map(|name| query(name)).collect();
    if path.contains("{id}") {
        let id =
            json!({"name": "id", "in": "path", "required": true, "schema": {"type": "string"}});
        parameters.push(id);
    }
    let mut written = json!({
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": parameters,
        "responses": responses,
        "security": operation.access.written(),
    });
    if let Some((schema, is_needed)) = operation.body {
        let content = json!({"application/json": {"schema": reference(schema)}});
        written["requestBody"] = json!({"required": is_needed, "content": content});
    }
    written
}

fn answer(operation: &Operation, schema: &str) -> Value {
    let content = match schema {
        "" => return json!({"description": "Done"}),
        "text/event-stream" => json!({schema: {"schema": {"type": "string"}}}),
        // Whoever accepts it gets the same in columns.
        "MetricsPage" => json!({
            "application/json": {"schema": reference(schema)},
            PACKED_MEDIA_TYPE: {"schema": reference("PackedMetricsPage")},
        }),
        schema => json!({"application/json": {"schema": reference(schema)}}),
    };
    json!({"description": operation.summary, "content": content})
}

fn problem() -> Value {
    let content = json!({"application/problem+json": {"schema": reference("Problem")}});
    json!({"description": "A problem; x-codes lists its codes", "content": content, "x-codes": []})
}

fn reference(schema: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{schema}")})
}

fn query(name: &str) -> Value {
    let schema = match name {
        "limit" => json!({"type": "integer", "minimum": 1, "maximum": 1000}),
        _ => json!({"type": "string"}),
    };
    let is_needed = name == "user_id";
    json!({"name": name, "in": "query", "required": is_needed, "schema": schema})
}

impl Access {
    /// What it answers to those who may not.
    fn problems(self) -> &'static [ProblemCode] {
        use ProblemCode as P;
        match self {
            Self::Everyone => &[P::BadRequest, P::CrossSite, P::ClientTooOld, P::Overloaded],
            Self::SignedIn => &[
                P::BadRequest,
                P::Unauthenticated,
                P::TokenExpired,
                P::CrossSite,
                P::WrongAccount,
                P::AccountErased,
                P::ClientTooOld,
                P::RateLimited,
                P::Overloaded,
            ],
        }
    }

    /// An empty requirement: with `--auth off` nobody signs in.
    fn written(self) -> Value {
        match self {
            Self::Everyone => json!([]),
            Self::SignedIn => json!([{"bearer": []}, {"cookie": []}, {}]),
        }
    }
}

pub(super) async fn read<S: super::Store>(
    axum::extract::State(_): axum::extract::State<std::sync::Arc<super::App<S>>>,
) -> Json<Value> {
    Json(document(&super::listed_routes::<S>()))
}
