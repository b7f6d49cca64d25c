#pragma once

#include <string>
#include <string_view>

#include "api_client.hpp"

namespace mj::app {

/// Language of names and texts from the server: "zh" or "en".
using Language = std::string;

/// What the commands below `mingjian device` print for people. Each takes the JSON of the API's contract; an answer of
/// another shape makes nlohmann::json::exception, which the caller turns into an error.
[[nodiscard]] std::string device_list_text(const Json& list, const Language& language);
[[nodiscard]] std::string device_text(const Json& detail, const Json& deviations, const Json& parameters,
                                      const Json& orders, const Language& language);
[[nodiscard]] std::string preview_text(const Json& preview, const Language& language);
[[nodiscard]] std::string commands_text(const Json& commands, const Language& language);
[[nodiscard]] std::string conformance_text(const Json& report, const Language& language);
/// One line: what was ordered and how far it is.
[[nodiscard]] std::string order_line(const Json& order, const Language& language);
/// One line of a conversation.
[[nodiscard]] std::string step_line(const Json& step, const Language& language);

}  // namespace mj::app
