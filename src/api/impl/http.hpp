#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mj/http/message.hpp"
#include "mj/http/query.hpp"
#include "mj/http/router.hpp"
#include "mj/kernel/result.hpp"

namespace mj::api {

using http::Answer;
using http::Call;
using http::Header;
using http::media_type;
using http::Method;
using http::parse_whole;
using http::percent_decode;
using http::Query;
using http::Request;
using http::Route;
using http::Router;
using http::wrong_parameter;

/// JSON that is complete already.
[[nodiscard]] Answer json_answer(std::string json);
/// `{"error":{"code","text"}}` with the status of the code.
[[nodiscard]] Answer error_answer(const Error& error);
/// The same for failures of HTTP itself, which the kernel's codes do not know ("method_not_allowed" …).
[[nodiscard]] Answer error_answer(int status, std::string_view code, std::string_view text);

/// Headers on every answer: what the page may load, and that nobody else may frame or sniff it.
[[nodiscard]] const std::vector<Header>& security_headers();

}  // namespace mj::api
