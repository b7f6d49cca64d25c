#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/kernel/result.hpp"

namespace mj::api {

/// The methods this server knows. HEAD is served as GET without the body.
enum class Method { get, post, other };

/// What the transport hands over: the parts of a request the rest of the room reads. Header values are empty when absent.
struct Request {
  Method method = Method::other;
  std::string method_name;
  std::string target;  ///< origin form, undecoded: "/api/frames?limit=5"
  std::string host;
  std::string origin;
  std::string content_type;
  std::string if_none_match;
  std::string body;
};

struct Header {
  std::string name;
  std::string value;
};

/// What is sent back. `stream` asks the transport to keep the connection for server-sent events instead.
struct Answer {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<Header>
      headers;  ///< besides content type, length and the security headers, which the transport adds
  bool stream = false;
};

/// JSON that is complete already.
[[nodiscard]] Answer json_answer(std::string json);
/// `{"error":{"code","text"}}` with the status of the code.
[[nodiscard]] Answer error_answer(const Error& error);
/// The same for failures of HTTP itself, which the kernel's codes do not know ("method_not_allowed" …).
[[nodiscard]] Answer error_answer(int status, std::string_view code, std::string_view text);

/// Media type without parameters, lower case: "application/json" for "Application/JSON; charset=utf-8".
[[nodiscard]] std::string media_type(std::string_view content_type);

/// Percent-decoding. Source: RFC 3986 §2.1; `+` stays `+`. Errors: none for a broken escape.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

/// Headers on every answer: what the page may load, and that nobody else may frame or sniff it.
[[nodiscard]] const std::vector<Header>& security_headers();

}  // namespace mj::api
