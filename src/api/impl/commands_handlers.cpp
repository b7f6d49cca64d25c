#include <fmt/format.h>

#include "command_json.hpp"
#include "device_words.hpp"
#include "handlers.hpp"

namespace mj::api {

Result<Answer> list_commands(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"dialect", "sender"}));
  std::optional<hj212::Dialect> dialect;
  if (const auto text = call.query.find("dialect")) {
    dialect = hj212::parse_dialect(*text);
    if (!dialect) return wrong_parameter("dialect", fmt::format("must be 2005, 2017 or 2025, not \"{}\"", *text));
  }
  const auto sender = call.query.find("sender");
  if (sender && *sender != word(hj212::Sender::host) && *sender != word(hj212::Sender::device))
    return wrong_parameter("sender", fmt::format("must be host or device, not \"{}\"", *sender));
  Json rows = Json::array();
  for (const hj212::Command& command : context.services.protocol.commands()) {
    if (dialect && command.dialect != *dialect) continue;
    if (sender && *sender != word(command.sender)) continue;
    rows.push_back(command_json(command));
  }
  return json_answer(to_text(rows));
}

}  // namespace mj::api
