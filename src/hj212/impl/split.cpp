#include <fmt/format.h>
#include <algorithm>

#include "fields.hpp"
#include "limits.hpp"
#include "mj/hj212/compose.hpp"
#include "mj/kernel/instant.hpp"

namespace mj::hj212 {
namespace {

constexpr std::size_t kMaxPackets2025 = 9;  // one digit, HJ 212-2025 as reported
constexpr std::size_t kMaxPackets = 9999;   // PNUM of four digits, HJ 212-2017 table 3

/// An area as what every packet repeats and what is divided among them.
struct Items {
  std::string repeated;                 ///< DataTime
  std::vector<std::string_view> whole;  ///< all keys of one factor
};

/// The text of a field as it stands in the area, from its name on.
std::string_view text_of(std::string_view area, std::size_t begin, std::size_t end) {
  return trim(area.substr(begin, end - begin));
}

Items items_of(std::string_view area) {
  Items items;
  std::string_view factor;
  std::size_t item_begin = 0;  // of the item collected last
  for_each_field(area, [&](const Field& field) {
    const std::string_view first = field.factor.empty() ? field.key : field.factor;
    const auto begin = static_cast<std::size_t>(first.data() - area.data());
    const char* last = field.value.data() == nullptr ? field.key.data() + field.key.size()
                                                     : field.value.data() + field.value.size();
    const auto end = static_cast<std::size_t>(last - area.data());
    if (field.factor.empty() && field.key == "DataTime") {
      items.repeated = text_of(area, begin, end);
      factor = {};
    } else if (!field.factor.empty() && field.factor == factor) {
      items.whole.back() = text_of(area, item_begin, end);
    } else {
      items.whole.push_back(text_of(area, begin, end));
      item_begin = begin;
      factor = field.factor;
    }
  });
  return items;
}

/// Each packet is a frame of its own with a QN of its own (C.50: …534, …535).
std::optional<std::string> following_qn(const std::optional<std::string>& qn, std::size_t number) {
  if (!qn || qn->size() != 17) return qn;
  const auto instant = parse_compact(*qn);
  return instant ? to_compact_ms(instant->plus_ms(static_cast<std::int64_t>(number))) : *qn;
}

}  // namespace

Result<std::vector<Outgoing>> split(const Outgoing& upload, std::size_t max_area) {
  if (upload.area.size() <= max_area && segment(upload).size() <= kMaxSegment)
    return std::vector<Outgoing>{upload};

  const bool one_digit = upload.flag.value_or(0) >> 2U == 2;
  const std::size_t most = one_digit ? kMaxPackets2025 : kMaxPackets;
  Outgoing packet = upload;
  packet.flag = static_cast<std::uint8_t>(upload.flag.value_or(0) | 2U);
  packet.area.clear();
  packet.pnum = packet.pno = static_cast<unsigned>(most);
  const std::size_t header = segment(packet).size();
  const std::size_t room = std::min(max_area, kMaxSegment - std::min(kMaxSegment, header));

  const Items items = items_of(upload.area);
  std::vector<Outgoing> packets;
  for (const std::string_view item : items.whole) {
    const std::size_t with_time = items.repeated.size() + (items.repeated.empty() ? 0 : 1) + item.size();
    if (with_time > room) {
      return Error(ErrorCode::invalid_input,
                   fmt::format("an item of {} bytes does not fit into a packet of {}", item.size(), room));
    }
    if (packets.empty() || packets.back().area.size() + 1 + item.size() > room) {
      packet.area = items.repeated;
      packets.push_back(packet);
    }
    std::string& area = packets.back().area;
    if (!area.empty()) area += ';';
    area += item;
  }
  if (packets.empty() || packets.size() > most) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("{} packets are needed, {} are allowed", packets.size(), most));
  }
  for (std::size_t i = 0; i < packets.size(); ++i) {
    packets[i].pnum = static_cast<unsigned>(packets.size());
    packets[i].pno = static_cast<unsigned>(i + 1);
    packets[i].qn = following_qn(upload.qn, i);
  }
  return packets;
}

}  // namespace mj::hj212
