#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/kernel/result.hpp"

namespace mj::http {

/// The methods a server knows. HEAD is served as GET without the body.
enum class Method { get, post, other };

/// What the transport hands over: the parts of a request that handlers read. Header values are empty when absent.
struct Request {
  Method method = Method::other;
  std::string method_name;
  std::string target;  ///< origin form, undecoded: "/api/frames?limit=5"
  std::string host;
  std::string origin;
  std::string content_type;
  std::string if_none_match;
  std::string body;

  /// The target without its query.
  [[nodiscard]] std::string_view path() const { return std::string_view(target).substr(0, target.find('?')); }
};

struct Header {
  std::string name;
  std::string value;
};

/// What is sent back. `stream` asks the transport to keep the connection for server-sent events instead.
struct Answer {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::vector<Header> headers;  ///< besides content type, length and the server's own headers
  bool stream = false;
};

/// How a service words a failure: status, code of it ("not_found"), text for people.
using Refusal = std::function<Answer(int status, std::string_view code, std::string_view text)>;
/// The text and a newline, as text/plain.
[[nodiscard]] Answer plain_refusal(int status, std::string_view code, std::string_view text);
/// The refusal of an error, with the status of its code.
[[nodiscard]] Answer refuse(const Refusal& refusal, const Error& error);

/// Media type without parameters, lower case: "application/json" for "Application/JSON; charset=utf-8".
[[nodiscard]] std::string media_type(std::string_view content_type);

/// Percent-decoding. Source: RFC 3986 §2.1; `+` stays `+`. None for a broken escape.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

/// `& < > " '` as references, for text inside an element or an attribute of a page.
[[nodiscard]] std::string escape_html(std::string_view text);

}  // namespace mj::http
