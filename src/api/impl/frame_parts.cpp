#include "frame_parts.hpp"

namespace mj::api {
namespace {

constexpr std::string_view kHead = "##";
constexpr std::size_t kLengthDigits = 4;
constexpr std::string_view kAreaBegin = "CP=&&";
constexpr std::string_view kAreaEnd = "&&";
constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kCrcDigits = 4;

/// Takes `size` characters off the front.
std::string_view take(std::string_view& rest, std::size_t size) {
  const std::string_view taken = rest.substr(0, size);
  rest.remove_prefix(taken.size());
  return taken;
}

void add(std::vector<FramePart>& parts, FramePart::Kind kind, std::string_view text, std::string_view key = {},
         std::string_view value = {}) {
  if (!text.empty()) parts.push_back({kind, text, key, value});
}

/// `name=value` items between any of `separators`.
void cut_items(std::string_view rest, FramePart::Kind kind, std::string_view separators,
               std::vector<FramePart>& parts) {
  while (!rest.empty()) {
    const std::string_view item = take(rest, std::min(rest.find_first_of(separators), rest.size()));
    const std::size_t equals = item.find('=');
    if (equals == std::string_view::npos) {
      add(parts, FramePart::Kind::separator, item);
    } else {
      add(parts, kind, item, item.substr(0, equals), item.substr(equals + 1));
    }
    add(parts, FramePart::Kind::separator, take(rest, rest.empty() ? 0 : 1));
  }
}

}  // namespace

std::vector<FramePart> cut_frame(std::string_view frame) {
  using Kind = FramePart::Kind;
  std::vector<FramePart> parts;
  std::string_view rest = frame;
  if (!rest.starts_with(kHead)) {
    add(parts, Kind::separator, rest);
    return parts;
  }
  add(parts, Kind::frame, take(rest, kHead.size()), "head");
  const std::string_view length = take(rest, kLengthDigits);
  add(parts, Kind::frame, length, "length", length);
  const std::size_t area = rest.find(kAreaBegin);
  const std::size_t end = rest.rfind(kAreaEnd);
  if (area == std::string_view::npos || end == std::string_view::npos || end < area + kAreaBegin.size()) {
    add(parts, Kind::separator, rest);
    return parts;
  }
  const std::size_t area_size = end - area - kAreaBegin.size();
  cut_items(take(rest, area), Kind::header, ";", parts);
  add(parts, Kind::header, take(rest, kAreaBegin.size()), "CP");
  cut_items(take(rest, area_size), Kind::area, ";,", parts);
  add(parts, Kind::separator, take(rest, kAreaEnd.size()));
  const std::string_view crc = take(rest, kCrcDigits);
  add(parts, Kind::frame, crc, "crc", crc);
  if (rest == kLineEnd) {
    add(parts, Kind::frame, rest, "end");
  } else {
    add(parts, Kind::separator, rest);
  }
  return parts;
}

}  // namespace mj::api
