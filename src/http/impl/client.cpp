#include "mj/http/client.hpp"

#include <curl/curl.h>

#include "mj/http/message.hpp"

namespace mj::http {
namespace {

constexpr std::int64_t kConnectTimeoutMs = 5'000;
constexpr std::size_t kMaxAnswer = 512U << 20;  ///< a bundle of evidence is the longest thing that is asked for

std::size_t take(char* bytes, std::size_t size, std::size_t count, void* into) {
  auto& text = *static_cast<std::string*>(into);
  if (text.size() + size * count > kMaxAnswer) return 0;
  text.append(bytes, size * count);
  return size * count;
}

}  // namespace

struct Client::Handle {
  explicit Handle(std::int64_t timeout) : curl(curl_easy_init()), timeout_ms(timeout) {}
  ~Handle() { curl_easy_cleanup(curl); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  CURL* curl;
  std::int64_t timeout_ms;
};

Result<Client> Client::connect(std::string url, std::int64_t timeout_ms) {
  while (url.ends_with('/')) url.pop_back();
  const std::size_t host = url.find("://");
  if ((!url.starts_with("http://") && !url.starts_with("https://")) || host + 3 >= url.size() ||
      url.find_first_of(" ?#\t\r\n") != std::string::npos) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("\"{}\" is no address of a server; write it like http://127.0.0.1:8080", url));
  }
  auto handle = std::make_shared<Handle>(timeout_ms);
  if (handle->curl == nullptr) return Error(ErrorCode::internal, "libcurl cannot be used");
  return Client(std::move(url), std::move(handle));
}

Result<Response> Client::request(std::string_view path, const Body* body) const {
  CURL* curl = handle_->curl;
  curl_easy_reset(curl);  // keeps connections
  Response response;
  const std::string address = fmt::format("{}{}", url_, path);
  const auto timeout = static_cast<long>(handle_->timeout_ms);
  curl_easy_setopt(curl, CURLOPT_URL, address.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
  // A proxy of the environment cannot reach a server on our own loopback.
  curl_easy_setopt(curl, CURLOPT_NOPROXY, "127.0.0.1,localhost,::1");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, std::min(timeout, static_cast<long>(kConnectTimeoutMs)));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &response.body);
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(nullptr, curl_slist_free_all);
  if (body != nullptr) {
    headers.reset(curl_slist_append(nullptr, fmt::format("Content-Type: {}", body->content_type).c_str()));
    // No "Expect: 100-continue": it costs a round trip, or a second with servers that do not know it.
    curl_slist_append(headers.get(), "Expect:");
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body->bytes.size()));
    // NOLINTNEXTLINE(bugprone-suspicious-stringview-data-usage): its size was given just before.
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body->bytes.data());
  }
  const CURLcode done = curl_easy_perform(curl);
  if (done != CURLE_OK) {
    return Error(ErrorCode::unavailable, fmt::format("cannot reach {}: {}", url_, curl_easy_strerror(done)));
  }
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  response.status = static_cast<int>(status);
  const char* type = nullptr;
  curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
  if (type != nullptr) response.content_type = media_type(type);
  return response;
}

Result<Response> Client::get(std::string_view path) const { return request(path, nullptr); }

Result<Response> Client::post(std::string_view path, std::string_view content_type, std::string_view body) const {
  const Body sent{content_type, body};
  return request(path, &sent);
}

std::string Client::escape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    escaped += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return escaped;
}

}  // namespace mj::http
