#include "mj/alarm/limit.hpp"

#include <toml++/toml.h>

#include <fstream>
#include <set>

#include "digest.hpp"

namespace mj::alarm {
namespace {

namespace fs = std::filesystem;

/// Reads one [[limit]]; every error names file and line.
class LimitReader {
 public:
  LimitReader(const toml::table& table, std::string_view origin) : table_(table), origin_(origin) {}

  [[nodiscard]] Result<Limit> read();

 private:
  [[nodiscard]] Error at(std::string_view key, std::string_view what) const {
    const toml::node* node = table_.get(key);
    const auto line = (node != nullptr ? node->source() : table_.source()).begin.line;
    return Error(ErrorCode::invalid_input, fmt::format("{}:{}: limit {}: {}: {}", origin_, line, id_, key, what));
  }
  [[nodiscard]] std::string text(std::string_view key) const { return table_[key].value_or(std::string()); }
  Status only_known_keys() const;
  Status read_target(Limit& limit) const;
  Status read_figures(Limit& limit) const;
  Status read_validity(Limit& limit) const;
  [[nodiscard]] Result<std::optional<Decimal>> figure(std::string_view key) const;
  [[nodiscard]] Result<std::vector<std::string>> words(std::string_view key) const;
  [[nodiscard]] Result<Decimal> hysteresis(Decimal figure) const;

  const toml::table& table_;
  std::string_view origin_;
  std::string id_ = "without id";
};

Status LimitReader::only_known_keys() const {
  static constexpr std::array<std::string_view, 20> kKnown{
      "id",       "points", "devices",    "element",     "factor",       "unit",           "kinds",
      "periods",  "upper",  "lower",      "clear_below", "clear_above",  "hysteresis",     "sentinels",
      "severity", "source", "valid_from", "valid_to",    "verification", "max_ahead_hours"};
  for (const auto& [key, node] : table_) {
    if (std::find(kKnown.begin(), kKnown.end(), key.str()) == kKnown.end()) return at(key.str(), "no such key");
  }
  return {};
}

Result<std::optional<Decimal>> LimitReader::figure(std::string_view key) const {
  const toml::node* node = table_.get(key);
  if (node == nullptr) return std::optional<Decimal>();
  const auto value = parse_decimal(node->value_or(std::string()));
  if (!node->is_string() || !value) return at(key, "must be a decimal number written as text, such as \"0.50\"");
  return std::optional<Decimal>(value);
}

Result<std::vector<std::string>> LimitReader::words(std::string_view key) const {
  std::vector<std::string> result;
  const toml::node* node = table_.get(key);
  if (node == nullptr) return result;
  const toml::array* list = node->as_array();
  if (list == nullptr || list->empty()) return at(key, "must be a list of words");
  for (const toml::node& item : *list) {
    const auto word = item.value<std::string>();
    if (!item.is_string() || !word || word->empty()) return at(key, "must be a list of words");
    result.push_back(*word);
  }
  return result;
}

Status LimitReader::read_target(Limit& limit) const {
  MJ_TRY(limit.points, words("points"));
  MJ_TRY(limit.devices, words("devices"));
  if (table_.contains("element")) {
    limit.element = registry::parse_element(text("element"));
    if (!limit.element) return at("element", fmt::format("must be one of {}", registry::kElementWords));
  }
  if (limit.points.empty() && limit.devices.empty() && !limit.element) {
    return at("element", "a limit names points, devices or an element");
  }
  limit.factor = text("factor");
  if (limit.factor.empty()) return at("factor", "is missing");
  limit.unit = text("unit");
  MJ_TRY(const auto periods, words("periods"));
  for (const std::string& word : periods) {
    const auto period = telemetry::parse_period(word);
    if (!period) return at("periods", fmt::format("\"{}\" is not instant, minute, hour or day", word));
    limit.periods.push_back(*period);
  }
  if (limit.periods.empty()) return at("periods", "is missing: for example [\"instant\", \"hour\"]");
  MJ_TRY(limit.kinds, words("kinds"));
  if (limit.kinds.empty()) limit.kinds = {"Rtd", "Avg", "Data"};  // Data: records of noise
  return {};
}

Result<Decimal> LimitReader::hysteresis(Decimal figure) const {
  const std::string width = text("hysteresis");
  if (width.empty()) return Decimal{};
  const bool percent = width.ends_with('%');
  auto value =
      parse_decimal(percent ? std::string_view(width).substr(0, width.size() - 1) : std::string_view(width));
  if (!value || value->mantissa < 0 || value->mantissa > 1'000'000) {
    return at("hysteresis", "must be a decimal number or a percentage as text, such as \"0.2\" or \"5%\"");
  }
  if (!percent) return *value;
  const std::int64_t magnitude = figure.mantissa < 0 ? -figure.mantissa : figure.mantissa;
  if (magnitude > 1'000'000'000'000 || figure.decimals + value->decimals + 2 > 18)
    return at("hysteresis", "has too many digits");
  return Decimal{magnitude * value->mantissa, static_cast<std::uint8_t>(figure.decimals + value->decimals + 2)};
}

/// a + sign·b. Errors: none when the digits do not fit.
std::optional<Decimal> sum(Decimal a, Decimal b, int sign) {
  const auto align = [](Decimal& value, std::uint8_t decimals) {
    for (; value.decimals < decimals; ++value.decimals) {
      if (value.mantissa > 900'000'000'000'000'000 || value.mantissa < -900'000'000'000'000'000) return false;
      if (__builtin_mul_overflow(value.mantissa, 10, &value.mantissa)) return false;
    }
    return true;
  };
  const std::uint8_t decimals = std::max(a.decimals, b.decimals);
  if (!align(a, decimals) || !align(b, decimals)) return std::nullopt;
  if (__builtin_add_overflow(a.mantissa, sign * b.mantissa, &a.mantissa)) return std::nullopt;
  while (a.decimals > 0 && a.mantissa % 10 == 0) {
    a.mantissa /= 10;
    --a.decimals;
  }
  return a;
}

Status LimitReader::read_figures(Limit& limit) const {
  MJ_TRY(limit.upper, figure("upper"));
  MJ_TRY(limit.lower, figure("lower"));
  if (!limit.upper && !limit.lower) return at("upper", "a limit has an upper or a lower figure");
  MJ_TRY(limit.clear_upper, figure("clear_below"));
  MJ_TRY(limit.clear_lower, figure("clear_above"));
  if (limit.upper && !limit.clear_upper) {
    MJ_TRY(const Decimal width, hysteresis(*limit.upper));
    limit.clear_upper = sum(*limit.upper, width, -1);
    if (!limit.clear_upper) return at("hysteresis", "has too many digits");
  }
  if (limit.lower && !limit.clear_lower) {
    MJ_TRY(const Decimal width, hysteresis(*limit.lower));
    limit.clear_lower = sum(*limit.lower, width, 1);
    if (!limit.clear_lower) return at("hysteresis", "has too many digits");
  }
  if (limit.upper && compare(*limit.clear_upper, *limit.upper) > 0)
    return at("clear_below", "must not be above upper");
  if (limit.lower && compare(*limit.clear_lower, *limit.lower) < 0)
    return at("clear_above", "must not be below lower");
  if (limit.upper && limit.lower) {
    if (compare(*limit.lower, *limit.upper) >= 0) return at("lower", "must be below upper");
    // Otherwise a value could be beyond both sides at once.
    if (compare(*limit.lower, *limit.clear_upper) > 0 || compare(*limit.clear_lower, *limit.upper) > 0) {
      return at("hysteresis", "is wider than the distance between lower and upper");
    }
  }
  MJ_TRY(const auto sentinels, words("sentinels"));
  for (const std::string& word : sentinels) {
    const auto value = parse_decimal(word);
    if (!value) return at("sentinels", fmt::format("\"{}\" is not a decimal number", word));
    limit.sentinels.push_back(*value);
  }
  return {};
}

Status LimitReader::read_validity(Limit& limit) const {
  constexpr std::int64_t kHourMs = 3'600'000;
  const auto from = parse_iso(text("valid_from"));
  if (!from) return at("valid_from", "must be a day or a time, such as \"2026-03-01\"");
  limit.validity.from = *from;
  if (table_.contains("valid_to")) {
    const std::string last = text("valid_to");
    const auto to = parse_iso(last);
    if (!to) return at("valid_to", "must be the last day or a time, such as \"2026-12-31\"");
    limit.validity.to = last.size() == 10 ? to->plus_ms(24 * kHourMs) : *to;
    if (*limit.validity.to <= limit.validity.from) return at("valid_to", "ends before it begins");
  }
  if (const toml::node* ahead = table_.get("max_ahead_hours")) {
    const auto hours = ahead->value<std::int64_t>();
    if (!hours || *hours < 0 || *hours > 24 * 366 * 100)
      return at("max_ahead_hours", "must be a whole number of hours");
    limit.max_ahead_ms = *hours * kHourMs;
  }
  return {};
}

Result<Limit> LimitReader::read() {
  Limit limit;
  limit.id = text("id");
  if (limit.id.empty()) return at("id", "is missing");
  id_ = limit.id;
  MJ_CHECK(only_known_keys());
  MJ_CHECK(read_target(limit));
  MJ_CHECK(read_figures(limit));
  const auto severity = parse_severity(table_["severity"].value_or(std::string("warning")));
  if (!severity) return at("severity", "must be notice, warning or serious");
  limit.severity = *severity;
  limit.source.zh = table_["source"]["zh"].value_or(std::string());
  limit.source.en = table_["source"]["en"].value_or(limit.source.zh);
  if (limit.source.zh.empty()) return at("source", "is missing: { zh = \"document and clause\", en = \"…\" }");
  const auto verification = standards::parse_verification(text("verification"));
  if (!verification) return at("verification", "must be VERIFIED, THIRD_PARTY, INFERRED or UNVERIFIED");
  limit.verification = *verification;
  MJ_CHECK(read_validity(limit));
  return limit;
}

}  // namespace

bool Limit::covers(const registry::Point& of) const {
  const auto named = [](const std::vector<std::string>& names, const std::string& name) {
    return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
  };
  return named(points, of.id) && named(devices, of.device) && (!element || *element == of.element);
}

bool Limit::applies(const registry::Point& of, std::string_view factor_code, std::string_view kind,
                    telemetry::Period period, Instant at) const {
  return factor == factor_code && covers(of) && std::find(kinds.begin(), kinds.end(), kind) != kinds.end() &&
         std::find(periods.begin(), periods.end(), period) != periods.end() && validity.contains(at);
}

Status LimitSet::add(std::string_view text, std::string_view origin) {
  try {
    const toml::table document = toml::parse(text, origin);
    for (const auto& [key, node] : document) {
      if (key.str() != "limit" || !node.is_array()) {
        return Error(ErrorCode::invalid_input, fmt::format("{}:{}: expected [[limit]], not {}", origin,
                                                           node.source().begin.line, key.str()));
      }
    }
    if (const toml::array* list = document["limit"].as_array()) {
      for (const toml::node& node : *list) {
        const toml::table* table = node.as_table();
        if (table == nullptr) {
          return Error(ErrorCode::invalid_input,
                       fmt::format("{}:{}: limit must be written as [[limit]]", origin, node.source().begin.line));
        }
        MJ_TRY(Limit limit, LimitReader(*table, origin).read());
        for (const Limit& other : limits_) {
          if (other.id == limit.id) {
            return Error(ErrorCode::invalid_input,
                         fmt::format("{}:{}: there is another limit {}; a new version takes a new id", origin,
                                     table->source().begin.line, limit.id));
          }
        }
        limits_.push_back(std::move(limit));
      }
    }
  } catch (const toml::parse_error& failure) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("{}:{}: {}", origin, failure.source().begin.line, failure.description()));
  }
  digest_ = sha256_hex(fmt::format("{}\n{}\n{}", digest_, text.size(), text));
  return {};
}

Result<LimitSet> LimitSet::parse(std::string_view text, std::string_view origin) {
  LimitSet set;
  set.digest_ = sha256_hex("");
  MJ_CHECK(set.add(text, origin));
  return set;
}

Result<LimitSet> LimitSet::load(const fs::path& directory) {
  std::error_code failure;
  std::vector<fs::path> files;
  for (auto entry = fs::directory_iterator(directory, failure); !failure && entry != fs::end(entry);
       entry.increment(failure)) {
    if (entry->path().extension() == ".toml") files.push_back(entry->path());
  }
  if (failure)
    return Error(ErrorCode::not_found,
                 fmt::format("cannot read the limits in {}: {}", directory.string(), failure.message()));
  std::sort(files.begin(), files.end());
  LimitSet set;
  set.digest_ = sha256_hex("");
  for (const fs::path& file : files) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return Error(ErrorCode::unavailable, fmt::format("cannot read {}", file.string()));
    const std::string text(std::istreambuf_iterator<char>(stream), {});
    MJ_CHECK(set.add(text, file.string()));
  }
  return set;
}

std::vector<const Limit*> LimitSet::applying(const registry::Point& point, std::string_view factor,
                                             std::string_view kind, telemetry::Period period, Instant at) const {
  std::vector<const Limit*> result;
  for (const Limit& limit : limits_) {
    if (limit.applies(point, factor, kind, period, at)) result.push_back(&limit);
  }
  return result;
}

}  // namespace mj::alarm
