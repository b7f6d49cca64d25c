#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "mj/kernel/result.hpp"

namespace mj::http {

/// What a server answered.
struct Response {
  int status = 0;
  std::string content_type;  ///< without parameters, lower case
  std::string body;
};

/// Asks one server over HTTP or HTTPS, keeping the connection; redirects are answers, not followed. Thread: one at a time.
class Client {
 public:
  /// `url`: "http://127.0.0.1:8080", with a path prefix or without. Errors: invalid_input for another form.
  [[nodiscard]] static Result<Client> connect(std::string url, std::int64_t timeout_ms = 30'000);

  /// Errors: unavailable when the server cannot be reached or does not answer in time. Any status is an answer.
  [[nodiscard]] Result<Response> get(std::string_view path) const;
  [[nodiscard]] Result<Response> post(std::string_view path, std::string_view content_type,
                                      std::string_view body) const;

  /// Where the server is, without a slash at the end.
  [[nodiscard]] const std::string& url() const { return url_; }

  /// A text as a segment or value of a path. Source: RFC 3986 §2.1.
  [[nodiscard]] static std::string escape(std::string_view text);

 private:
  struct Handle;
  struct Body {
    std::string_view content_type;
    std::string_view bytes;
  };
  Client(std::string url, std::shared_ptr<Handle> handle) : url_(std::move(url)), handle_(std::move(handle)) {}
  [[nodiscard]] Result<Response> request(std::string_view path, const Body* body) const;

  std::string url_;
  std::shared_ptr<Handle> handle_;  ///< keeps the connection between requests
};

}  // namespace mj::http
