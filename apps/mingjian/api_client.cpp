#include "api_client.hpp"

#include <curl/curl.h>

#include <fmt/format.h>

namespace mj::app {
namespace {

constexpr long kConnectTimeoutMs = 5'000;
constexpr long kRequestTimeoutMs = 60'000;
constexpr std::size_t kMaxAnswer = 256U << 20;

std::size_t append(char* bytes, std::size_t size, std::size_t count, void* into) {
  auto& text = *static_cast<std::string*>(into);
  if (text.size() + size * count > kMaxAnswer) return 0;
  text.append(bytes, size * count);
  return size * count;
}

/// The error that the server answers, with its own words.
Error error_of(long status, const std::string& body) {
  const Json json = Json::parse(body, nullptr, false);
  std::string text = fmt::format("the server answered with status {}", status);
  std::string code;
  if (json.is_object() && json.contains("error") && json["error"].is_object()) {
    text = json["error"].value("text", text);
    code = json["error"].value("code", code);
  }
  for (const ErrorCode known : {ErrorCode::invalid_input, ErrorCode::not_found, ErrorCode::conflict,
                                ErrorCode::unavailable, ErrorCode::damaged}) {
    if (code == name(known)) return Error(known, text);
  }
  return Error(status == 409 ? ErrorCode::conflict : ErrorCode::internal, text);
}

}  // namespace

struct ApiClient::Handle {
  Handle() : curl(curl_easy_init()) {}
  ~Handle() { curl_easy_cleanup(curl); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  CURL* curl;
};

Result<ApiClient> ApiClient::connect(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  if (!url.starts_with("http://") && !url.starts_with("https://")) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("--url {}: write where the server is, e.g. http://127.0.0.1:8080", url));
  }
  auto handle = std::make_shared<Handle>();
  if (handle->curl == nullptr) return Error(ErrorCode::internal, "libcurl cannot be used");
  return ApiClient(std::move(url), std::move(handle));
}

Result<std::string> ApiClient::request(const std::string& path, const std::string* body) const {
  CURL* curl = handle_->curl;
  curl_easy_reset(curl);
  std::string answer;
  const std::string address = url_ + path;
  curl_easy_setopt(curl, CURLOPT_URL, address.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
  // A proxy of the environment cannot reach a server on our own loopback.
  curl_easy_setopt(curl, CURLOPT_NOPROXY, "127.0.0.1,localhost,::1");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, kConnectTimeoutMs);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, kRequestTimeoutMs);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(nullptr, curl_slist_free_all);
  if (body != nullptr) {
    headers.reset(curl_slist_append(nullptr, "Content-Type: application/json"));
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body->size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body->c_str());
  }
  const CURLcode done = curl_easy_perform(curl);
  if (done != CURLE_OK) {
    return Error(ErrorCode::unavailable,
                 fmt::format("cannot reach {}: {}; is the server running (mingjian serve), and is --url right?",
                             url_, curl_easy_strerror(done)));
  }
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  if (status < 200 || status > 299) return error_of(status, answer);
  return answer;
}

Result<std::string> ApiClient::get_text(const std::string& path) const { return request(path, nullptr); }

Result<Json> ApiClient::get(const std::string& path) const {
  MJ_TRY(const std::string answer, request(path, nullptr));
  Json json = Json::parse(answer, nullptr, false);
  if (json.is_discarded()) return Error(ErrorCode::internal, fmt::format("{}{} answered no JSON", url_, path));
  return json;
}

Result<Json> ApiClient::post(const std::string& path, const Json& body) const {
  const std::string text = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  MJ_TRY(const std::string answer, request(path, &text));
  Json json = Json::parse(answer, nullptr, false);
  if (json.is_discarded()) return Error(ErrorCode::internal, fmt::format("{}{} answered no JSON", url_, path));
  return json;
}

std::string ApiClient::escape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    escaped += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return escaped;
}

}  // namespace mj::app
