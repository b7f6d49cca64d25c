#include "packet.hpp"

#include "mj/evidence_format/entry.hpp"

namespace mj::bundle {
namespace {

constexpr std::size_t kMaxFields = 4096;
constexpr std::string_view kOpen = "CP=&&";
constexpr std::string_view kClose = "&&";

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// [begin, end) of a text without blanks around it.
struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
};
Range trimmed(std::string_view text, std::size_t begin, std::size_t end) {
  while (begin < end && is_blank(text[begin])) ++begin;
  while (begin < end && is_blank(text[end - 1])) --end;
  return {begin, end};
}

struct NameAndValue {
  Range name;
  Range value;
};
/// The field that stands in [begin, end).
NameAndValue field_in(std::string_view text, std::size_t begin, std::size_t end) {
  const std::size_t equals = std::min(text.substr(0, end).find('=', begin), end);
  return {trimmed(text, begin, equals), trimmed(text, std::min(equals + 1, end), end)};
}

bool is_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string padded_time(std::string_view digits) {
  std::string padded(digits);
  padded.resize(17, '0');
  return padded;
}

Packet::Packet(BytesView bytes, const std::optional<hj212::Sm4Key>& key) {
  const auto entry = evidence_format::decode(bytes);
  if (!entry) return;
  device_ = entry->device;
  if (entry->type != evidence_format::EntryType::frame) return;
  const std::string_view payload = as_text(entry->payload);
  const std::size_t open = payload.find(kOpen);
  if (open == std::string_view::npos) return;
  const std::size_t begin = open + kOpen.size();
  const std::size_t close = payload.rfind(kClose);
  if (close == std::string_view::npos || close < begin) return;
  head_ = payload.substr(0, open);
  if (head_.starts_with("##")) head_.remove_prefix(std::min<std::size_t>(6, head_.size()));
  area_ = payload.substr(begin, close - begin);
  if (key && !area_.empty()) clear_ = hj212::decrypt_area(*key, area_);
  read_fields();
}

void Packet::read_fields() {
  const std::string_view text = area();
  const auto is_separator = [](char c) { return c == ';' || c == ','; };
  if (static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_separator)) >= kMaxFields) return;
  readable_ = true;
  std::uint16_t group = 0;
  for (std::size_t begin = 0; begin <= text.size();) {
    std::size_t end = begin;
    while (end < text.size() && !is_separator(text[end])) ++end;
    const auto [name, value] = field_in(text, begin, end);
    fields_.push_back({static_cast<std::uint16_t>(name.begin), static_cast<std::uint16_t>(name.end - name.begin),
                       static_cast<std::uint16_t>(value.begin),
                       static_cast<std::uint16_t>(value.end - value.begin), group});
    if (end < text.size() && text[end] == ';') ++group;
    begin = end + 1;
  }
  std::sort(fields_.begin(), fields_.end(), [this](const Field& a, const Field& b) {
    const int order = name_of(a).compare(name_of(b));
    if (order != 0) return order < 0;
    return a.group != b.group ? a.group < b.group : a.name < b.name;
  });
}

std::vector<Packet::Field>::const_iterator Packet::first_of(std::string_view name, std::uint32_t group) const {
  return std::lower_bound(fields_.begin(), fields_.end(), name, [&](const Field& field, std::string_view wanted) {
    const int order = name_of(field).compare(wanted);
    return order != 0 ? order < 0 : field.group < group;
  });
}

std::optional<std::string_view> Packet::field(std::string_view name, std::uint32_t group) const {
  const auto found = first_of(name, group);
  if (found == fields_.end() || name_of(*found) != name || found->group != group) return std::nullopt;
  return value_of(*found);
}

std::optional<std::string_view> Packet::data_time() const {
  const auto found = first_of("DataTime", 0);
  if (found == fields_.end() || name_of(*found) != "DataTime") return std::nullopt;
  const std::string_view digits = value_of(*found);
  if (digits.size() < 14 || digits.size() > 17 || !is_digits(digits)) return std::nullopt;
  return digits;
}

std::optional<std::string_view> Packet::header(std::string_view name) const {
  for (std::size_t begin = 0; begin <= head_.size();) {
    const std::size_t end = std::min(head_.find(';', begin), head_.size());
    const auto [found, value] = field_in(head_, begin, end);
    if (head_.substr(found.begin, found.end - found.begin) == name)
      return head_.substr(value.begin, value.end - value.begin);
    begin = end + 1;
  }
  return std::nullopt;
}

std::vector<std::uint32_t> Packet::groups_with(std::string_view name) const {
  std::vector<std::uint32_t> groups;
  for (auto at = first_of(name, 0); at != fields_.end() && name_of(*at) == name; ++at) {
    if (groups.empty() || groups.back() != at->group) groups.push_back(at->group);
  }
  return groups;
}

Packets::Packets(const Document& document)
    : document_(document), keys_(document.entries.size(), nullptr), packets_(document.entries.size()) {
  for (const Step& step : document.steps) {
    if (step.key) keys_[*document.place_of(step.entry)] = &*step.key;
  }
}

const Packet& Packets::of(std::uint64_t entry) {
  const std::size_t place = *document_.place_of(entry);
  std::optional<Packet>& packet = packets_[place];
  if (!packet) {
    packet.emplace(document_.entries[place].bytes,
                   keys_[place] == nullptr ? std::nullopt : std::optional<hj212::Sm4Key>(*keys_[place]));
  }
  return *packet;
}

}  // namespace mj::bundle
