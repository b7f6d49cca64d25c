#include <fmt/format.h>
#include <iterator>

#include "fields.hpp"
#include "mj/hj212/crc.hpp"
#include "mj/hj212/message.hpp"

namespace mj::hj212 {
namespace {

/// Uploads carry the time of their data; other frames of the 3xxx class are commands of a host.
bool has_data_time(std::string_view cp) {
  bool found = false;
  for_each_field(
      cp, [&found](const Field& field) { found |= field.factor.empty() && same_name(field.key, "DataTime"); });
  return found;
}

}  // namespace

Answer answer_for(const Header& header) {
  if (!header.flag || !header.flag->ack() || !header.qn || !header.cn || header.cn->size() != 4)
    return Answer::none;
  const std::string_view cn = *header.cn;
  if (cn == "1001" || cn == "1013" || cn == "1014" || cn == "2012" || cn == "2022" || cn == "9015") {
    return Answer::notice_reply_9013;
  }
  if (cn.front() == '2') {
    // A history request of a host is no upload: it names an interval instead of a time.
    return same_name(trim(header.cp.value_or("")).substr(0, 10), "BeginTime=") ? Answer::none
                                                                               : Answer::data_reply_9014;
  }
  if (cn == "3015" || cn == "3019" || cn == "3020") return Answer::data_reply_9014;
  if (cn.front() == '3' && has_data_time(header.cp.value_or(""))) return Answer::data_reply_9014;
  return Answer::none;
}

std::string frame(std::string_view segment) {
  std::string bytes;
  bytes.reserve(segment.size() + 12);
  fmt::format_to(std::back_inserter(bytes), "##{:04}{}{:04X}\r\n", segment.size(), segment, crc_hj(segment));
  return bytes;
}

std::string answer_frame(const Header& request, Answer answer) {
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
  return frame(segment);
}

}  // namespace mj::hj212
