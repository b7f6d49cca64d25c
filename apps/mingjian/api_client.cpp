#include "api_client.hpp"

#include <fmt/format.h>

namespace mj::app {
namespace {

constexpr std::int64_t kTimeoutMs = 60'000;

/// The error that the server answers, with its own words.
Error error_of(const http::Response& response) {
  const Json json = Json::parse(response.body, nullptr, false);
  std::string text = fmt::format("the server answered with status {}", response.status);
  std::string code;
  if (json.is_object() && json.contains("error") && json["error"].is_object()) {
    text = json["error"].value("text", text);
    code = json["error"].value("code", code);
  }
  for (const ErrorCode known : {ErrorCode::invalid_input, ErrorCode::not_found, ErrorCode::conflict,
                                ErrorCode::unavailable, ErrorCode::damaged}) {
    if (code == name(known)) return Error(known, text);
  }
  return Error(response.status == 409 ? ErrorCode::conflict : ErrorCode::internal, text);
}

/// The body of a good answer.
Result<std::string> body_of(const http::Client& client, Result<http::Response> response) {
  if (!response) {
    return Error(response.error().code(),
                 fmt::format("{}; is the server running (mingjian serve), and is --url {} right?",
                             response.error().text(), client.url()));
  }
  if (response->status < 200 || response->status > 299) return error_of(*response);
  return std::move(response->body);
}

Result<Json> json_of(std::string_view path, const std::string& text) {
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return Error(ErrorCode::internal, fmt::format("{} was answered with no JSON", path));
  return json;
}

}  // namespace

Result<ApiClient> ApiClient::connect(std::string url) {
  auto client = http::Client::connect(std::move(url), kTimeoutMs);
  if (!client) return client.error().context("--url");
  return ApiClient(*std::move(client));
}

Result<std::string> ApiClient::get_text(const std::string& path) const {
  return body_of(client_, client_.get(path));
}

Result<Json> ApiClient::get(const std::string& path) const {
  MJ_TRY(const std::string text, get_text(path));
  return json_of(path, text);
}

Result<Json> ApiClient::post(const std::string& path, const Json& body) const {
  MJ_TRY(const std::string text,
         body_of(client_, client_.post(path, "application/json",
                                       body.dump(-1, ' ', false, Json::error_handler_t::replace))));
  return json_of(path, text);
}

Result<Json> ApiClient::post_file(const std::string& path, std::string_view bytes) const {
  MJ_TRY(const std::string text, body_of(client_, client_.post(path, "application/octet-stream", bytes)));
  return json_of(path, text);
}

}  // namespace mj::app
