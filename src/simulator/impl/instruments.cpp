#include "instruments.hpp"

namespace mj::simulator {
namespace {

constexpr std::size_t kMostLines = 100;

}  // namespace

void Instruments::set(std::string_view instrument, std::string_view key, std::string value,
                      std::optional<Instant> until) {
  std::erase_if(values_, [&](const Value& each) { return each.instrument == instrument && each.key == key; });
  values_.push_back(Value{std::string(instrument), std::string(key), std::move(value), until});
}

void Instruments::set_list(std::string_view instrument, std::string_view key, std::vector<std::string> values) {
  std::erase_if(values_, [&](const Value& each) { return each.instrument == instrument && each.key == key; });
  for (std::string& value : values) {
    values_.push_back(Value{std::string(instrument), std::string(key), std::move(value), std::nullopt});
  }
}

std::optional<std::string> Instruments::get(std::string_view instrument, std::string_view key, Instant now) const {
  for (const Value& each : values_) {
    if (each.instrument != instrument || each.key != key) continue;
    if (each.until && now >= *each.until) return std::nullopt;
    return each.value;
  }
  return std::nullopt;
}

std::vector<std::string> Instruments::list(std::string_view instrument, std::string_view key) const {
  std::vector<std::string> found;
  for (const Value& each : values_) {
    if (each.instrument == instrument && each.key == key) found.push_back(each.value);
  }
  return found;
}

void Instruments::log(Instant at, std::string_view instrument, std::string text) {
  if (lines_.size() == kMostLines) lines_.erase(lines_.begin());
  lines_.push_back(Line{at, std::string(instrument), std::move(text)});
}

}  // namespace mj::simulator
