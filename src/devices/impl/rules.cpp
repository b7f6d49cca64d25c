#include "mj/devices/rules.hpp"

#include <toml++/toml.h>

#include "mj/storage/file.hpp"

namespace mj::devices {
namespace {

constexpr std::int64_t kSecondMs = 1000;
constexpr std::int64_t kMinuteMs = 60 * kSecondMs;
constexpr std::int64_t kHourMs = 60 * kMinuteMs;

/// Reads one table of the file; every key must be asked for once, what remains is unknown.
class TableReader {
 public:
  TableReader(const toml::table& table, std::string_view origin) : table_(table), origin_(origin) {
    for (const auto& [key, node] : table) unread_.emplace_back(key.str());
  }

  /// Whole number of `unit`s within [least, most]; a key left out changes nothing.
  template <typename Number>
  Status number(std::string_view key, Number& value, std::int64_t least, std::int64_t most,
                std::int64_t unit = 1) {
    const toml::node* node = take(key);
    if (node == nullptr) return {};
    const auto read = node->is_integer() ? node->value<std::int64_t>() : std::nullopt;
    if (!read || *read < least || *read > most)
      return at(key, fmt::format("must be a whole number from {} to {}", least, most));
    value = static_cast<Number>(*read * unit);
    return {};
  }
  Status flag(std::string_view key, bool& value) {
    const toml::node* node = take(key);
    if (node == nullptr) return {};
    if (!node->is_boolean()) return at(key, "must be true or false");
    value = node->value<bool>().value_or(value);
    return {};
  }
  /// Command codes.
  Status commands(std::string_view key, std::vector<std::string>& value) {
    const toml::node* node = take(key);
    if (node == nullptr) return {};
    const toml::array* list = node->as_array();
    if (list == nullptr) return at(key, "must be a list of command codes");
    value.clear();
    for (const toml::node& item : *list) {
      const auto code = item.value_exact<std::string>();
      if (!code || code->size() != 4 || code->find_first_not_of("0123456789") != std::string::npos)
        return at(key, "must be a list of command codes such as \"1061\"");
      value.push_back(*code);
    }
    return {};
  }
  /// The table of that name; an empty one when it is left out.
  Result<const toml::table*> section(std::string_view key) {
    static const toml::table kNone;
    const toml::node* node = take(key);
    if (node == nullptr) return &kNone;
    if (!node->is_table()) return at(key, fmt::format("must be written as [{}]", key));
    return node->as_table();
  }
  /// Errors: invalid_input when there is a key nobody asked for.
  Status end() const {
    if (!unread_.empty()) return at(unread_.front(), "there is no such key");
    return {};
  }

 private:
  [[nodiscard]] Error at(std::string_view key, std::string_view what) const {
    const toml::node* node = table_.get(key);
    const auto line = (node != nullptr ? node->source() : table_.source()).begin.line;
    return Error(ErrorCode::invalid_input, fmt::format("{}:{}: {}: {}", origin_, line, key, what));
  }
  const toml::node* take(std::string_view key) {
    std::erase(unread_, key);
    return table_.get(key);
  }

  const toml::table& table_;
  std::string_view origin_;
  std::vector<std::string> unread_;
};

Status read_automation(TableReader& reader, Rules& rules) {
  MJ_CHECK(reader.flag("time_requests", rules.answer_time_requests));
  MJ_CHECK(reader.flag("key_requests", rules.answer_key_requests));
  MJ_CHECK(reader.flag("assign_numbers", rules.assign_numbers));
  MJ_CHECK(reader.number("window_minutes", rules.automation_window_ms, 1, 24 * 60, kMinuteMs));
  MJ_CHECK(reader.number("pause_seconds", rules.automation_pause_ms, 1, 24 * 3600, kSecondMs));
  return reader.end();
}

Status read_pull(TableReader& reader, Rules::Pull& pull) {
  MJ_CHECK(reader.flag("enabled", pull.enabled));
  MJ_CHECK(reader.number("days_back", pull.days_back, 1, 366));
  MJ_CHECK(reader.number("settle_minutes", pull.settle_ms, 0, 24 * 60, kMinuteMs));
  MJ_CHECK(reader.number("repeat_hours", pull.repeat_ms, 1, 24 * 31, kHourMs));
  MJ_CHECK(reader.number("max_attempts", pull.max_attempts, 1, 100));
  MJ_CHECK(reader.number("max_range_hours", pull.max_range_ms, 1, 24 * 31, kHourMs));
  MJ_CHECK(reader.number("max_open_per_device", pull.max_open_per_device, 1, 100));
  MJ_CHECK(reader.number("max_orders_per_round", pull.max_orders_per_round, 1, 100'000));
  MJ_CHECK(reader.number("round_seconds", pull.round_ms, 1, 24 * 3600, kSecondMs));
  MJ_CHECK(reader.number("devices_per_round", pull.devices_per_round, 1, 1'000'000));
  return reader.end();
}

Result<Rules> read_rules(const toml::table& document, std::string_view origin) {
  Rules rules;
  TableReader reader(document, origin);
  MJ_CHECK(reader.number("clock_tolerance_minutes", rules.clock_tolerance_ms, 1, 24 * 60, kMinuteMs));
  MJ_CHECK(reader.number("key_days", rules.key_days, 1, 3660));
  MJ_CHECK(reader.number("order_life_hours", rules.order_life_ms, 1, 24 * 366, kHourMs));
  MJ_TRY(const toml::table* automation, reader.section("automation"));
  MJ_TRY(const toml::table* pull, reader.section("pull"));
  MJ_TRY(const toml::table* parameters, reader.section("parameters"));
  MJ_CHECK(reader.end());
  TableReader automation_reader(*automation, origin);
  MJ_CHECK(read_automation(automation_reader, rules));
  TableReader pull_reader(*pull, origin);
  MJ_CHECK(read_pull(pull_reader, rules.pull));
  TableReader parameters_reader(*parameters, origin);
  MJ_CHECK(parameters_reader.commands("told_by", rules.parameters.told_by));
  MJ_CHECK(parameters_reader.commands("set_by", rules.parameters.set_by));
  MJ_CHECK(parameters_reader.end());
  return rules;
}

}  // namespace

Result<Rules> Rules::load(const std::filesystem::path& file) {
  MJ_TRY(const std::string text, storage::read_file(file));
  try {
    return read_rules(toml::parse(text, file.string()), file.string());
  } catch (const toml::parse_error& failure) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("{}:{}: {}", file.string(), failure.source().begin.line, failure.description()));
  }
}

}  // namespace mj::devices
