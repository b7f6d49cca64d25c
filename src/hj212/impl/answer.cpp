#include <fmt/format.h>
#include <iterator>

#include "mj/hj212/compose.hpp"
#include "mj/hj212/message.hpp"

namespace mj::hj212 {

std::string answer_frame(const Header& request, Answer answer, CrcRule crc) {
  if (answer == Answer::none) return {};
  std::string segment;
  const auto put = [&segment](std::string_view name, const std::optional<std::string_view>& value) {
    if (value) segment.append(name).append(*value).append(";");
  };
  put("QN=", request.qn);
  segment += answer == Answer::data_reply_9014 ? "ST=91;CN=9014;" : "ST=91;CN=9013;";
  put("PW=", request.pw);
  put("MN=", request.mn);
  const unsigned version = request.flag ? request.flag->version() : 0;
  fmt::format_to(std::back_inserter(segment), "Flag={};CP=&&&&", version << 2U);
  return frame(segment, crc);
}

}  // namespace mj::hj212
