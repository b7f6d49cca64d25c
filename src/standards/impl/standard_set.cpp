#include "mj/standards/standard_set.hpp"

#include <limits>
#include <map>

#include "content_digest.hpp"
#include "override.hpp"
#include "standard_file.hpp"
#include "tables.hpp"

namespace mj::standards {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kNoFlag = "(none)";
constexpr std::string_view kOtherFlag = "(other)";

/// `value` × 10^`exponent`. Errors: none when the digits do not fit.
std::optional<Decimal> scaled(Decimal value, int exponent) {
  for (; exponent > 0 && value.decimals > 0; --exponent) --value.decimals;
  for (; exponent > 0; --exponent) {
    constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / 10;
    if (value.mantissa > kMost || value.mantissa < -kMost) return std::nullopt;
    value.mantissa *= 10;
  }
  for (; exponent < 0; ++exponent) {
    if (value.decimals < 18) {
      ++value.decimals;
    } else if (value.mantissa % 10 == 0) {
      value.mantissa /= 10;
    } else {
      return std::nullopt;
    }
  }
  return value;
}

/// `e10112` is an instance of `e101xx`, `d20105` of `d2xxxx`.
std::string pattern_of(std::string_view code, std::size_t digits) {
  std::string pattern(code);
  for (std::size_t i = code.size() - digits; i < code.size(); ++i) pattern[i] = 'x';
  return pattern;
}

template <typename Standard>
Status add_dated(std::vector<Standard>& all, std::vector<Standard> more, const std::string& file) {
  for (Standard& standard : more) {
    for (const Standard& other : all) {
      if (other.edition.validity.overlaps(standard.edition.validity)) {
        return Error(ErrorCode::invalid_input, fmt::format("{}: {} and {} are in force at the same time", file,
                                                           standard.edition.id, other.edition.id));
      }
    }
    all.push_back(std::move(standard));
  }
  return {};
}

}  // namespace

struct StandardSet::Content {
  std::string digest;
  std::vector<Edition> editions;
  std::vector<Table> tables;
  std::vector<Factor> factors;
  std::map<std::string, std::size_t, std::less<>> factor_by_code;  ///< canonical and 2005 codes
  std::vector<DataFlag> flags;
  std::size_t no_flag = 0;
  std::size_t other_flag = 0;
  std::vector<AqiStandard> aqi;
  std::vector<WaterStandard> water;
  std::vector<Unit> units;
  std::map<std::string, std::size_t, std::less<>> unit_by_text;
  std::vector<hj212::Protocol::Source> protocol_sources;
  std::optional<hj212::Protocol> protocol;
  std::map<std::string, std::vector<RuleRow>, std::less<>> rules;  ///< by kind of table

  Status add(RawStandard raw);
  Status finish();
  [[nodiscard]] const Unit* unit(std::string_view text) const {
    const auto found = unit_by_text.find(text);
    return found == unit_by_text.end() ? nullptr : &units[found->second];
  }
};

Status StandardSet::Content::add(RawStandard raw) {
  MJ_TRY(StandardFile file, interpret(raw));
  MJ_TRY(auto shown, readable(raw));
  for (Table& table : shown) tables.push_back(std::move(table));
  editions.push_back(file.edition);
  for (auto& row : file.factors) factors.push_back(std::move(row.value));
  for (auto& row : file.flags) flags.push_back(std::move(row.value));
  for (Unit& unit : file.units) units.push_back(std::move(unit));
  for (RuleRow& row : file.rules) rules[row.kind].push_back(std::move(row));
  for (auto& source : file.protocol) protocol_sources.push_back(std::move(source));
  MJ_TRY(auto aqi_pieces, assemble_aqi(file));
  MJ_CHECK(add_dated(aqi, std::move(aqi_pieces), file.file));
  MJ_TRY(auto water_pieces, assemble_water(file));
  return add_dated(water, std::move(water_pieces), file.file);
}

Status StandardSet::Content::finish() {
  MJ_TRY(protocol, hj212::Protocol::parse(protocol_sources));
  protocol_sources.clear();
  for (std::size_t i = 0; i < units.size(); ++i) {
    for (const std::string& alias : units[i].aliases) {
      if (!unit_by_text.emplace(alias, i).second)
        return Error(ErrorCode::invalid_input, fmt::format("unit {} appears twice", alias));
    }
    if (!unit_by_text.emplace(units[i].symbol, i).second) {
      return Error(ErrorCode::invalid_input, fmt::format("unit {} appears twice", units[i].symbol));
    }
  }
  std::sort(factors.begin(), factors.end(), [](const Factor& a, const Factor& b) { return a.code < b.code; });
  for (std::size_t i = 0; i < factors.size(); ++i) {
    for (const std::string& code : {factors[i].code, factors[i].code_2005}) {
      if (!code.empty() && !factor_by_code.emplace(code, i).second) {
        return Error(ErrorCode::invalid_input, fmt::format("factor code {} appears twice", code));
      }
    }
  }
  const auto special = [this](std::string_view flag_text) -> std::optional<std::size_t> {
    for (std::size_t i = 0; i < flags.size(); ++i) {
      if (flags[i].flag == flag_text) return i;
    }
    return std::nullopt;
  };
  const auto none = special(kNoFlag);
  const auto other = special(kOtherFlag);
  if (!none || !other) {
    return Error(ErrorCode::invalid_input, "the flag tables must say what (none) and (other) mean");
  }
  no_flag = *none;
  other_flag = *other;
  for (const AqiStandard& standard : aqi) {
    std::vector<AqiItem> items = standard.hourly;
    items.insert(items.end(), standard.daily.begin(), standard.daily.end());
    for (const AqiItem& item : items) {
      if (!factor_by_code.contains(item.factor)) {
        return Error(ErrorCode::invalid_input, fmt::format("{}: {} names factor {}, which no table has",
                                                           standard.edition.id, item.pollutant, item.factor));
      }
    }
  }
  for (const WaterStandard& standard : water) {
    for (const WaterItem& item : standard.items) {
      if (!item.factor.empty() && !factor_by_code.contains(item.factor)) {
        return Error(ErrorCode::invalid_input, fmt::format("{}: {} names factor {}, which no table has",
                                                           standard.edition.id, item.item, item.factor));
      }
    }
  }
  return {};
}

StandardSet::StandardSet(std::shared_ptr<const Content> content) : content_(std::move(content)) {}

Result<StandardSet> StandardSet::load(const fs::path& directory, const fs::path& overrides) {
  ContentDigest digest;
  auto whole = read_folder(directory, "", digest);
  if (!whole)
    return whole.error().code() == ErrorCode::not_found ? whole.error()
                                                        : whole.error().context(directory.string());
  if (!overrides.empty()) {
    const std::string name =
        (overrides.has_filename() ? overrides : overrides.parent_path()).filename().generic_string();
    MJ_TRY(auto local, read_folder(overrides, name + "/", digest));
    MJ_CHECK(apply_local(*whole, std::move(local)));
  }
  auto content = std::make_shared<Content>();
  for (RawStandard& raw : *whole) {
    if (Status added = content->add(std::move(raw)); !added) return added.error().context(directory.string());
  }
  if (Status checked = content->finish(); !checked) return checked.error().context(directory.string());
  content->digest = digest.hex();
  return StandardSet(std::move(content));
}

const std::string& StandardSet::digest() const { return content_->digest; }
const hj212::Protocol& StandardSet::protocol() const { return *content_->protocol; }
const std::vector<Edition>& StandardSet::editions() const { return content_->editions; }
const std::vector<Table>& StandardSet::tables() const { return content_->tables; }
const std::vector<Factor>& StandardSet::factors() const { return content_->factors; }
const std::vector<DataFlag>& StandardSet::flags() const { return content_->flags; }

const Edition* StandardSet::edition(std::string_view id) const {
  const auto found = std::find_if(content_->editions.begin(), content_->editions.end(),
                                  [&](const Edition& edition) { return edition.id == id; });
  return found == content_->editions.end() ? nullptr : &*found;
}

const Factor* StandardSet::factor(std::string_view code) const {
  const auto& index = content_->factor_by_code;
  auto found = index.find(code);
  for (std::size_t digits = 1; found == index.end() && digits <= 4 && digits < code.size(); ++digits) {
    if (code[code.size() - digits] < '0' || code[code.size() - digits] > '9') break;
    found = index.find(pattern_of(code, digits));
  }
  return found == index.end() ? nullptr : &content_->factors[found->second];
}

std::string_view StandardSet::canonical(std::string_view code) const {
  const auto found = content_->factor_by_code.find(code);
  return found == content_->factor_by_code.end() ? code : std::string_view(content_->factors[found->second].code);
}

const DataFlag& StandardSet::flag(std::string_view text, FlagScheme scheme) const {
  const DataFlag* elsewhere = nullptr;
  if (text.empty()) return content_->flags[content_->no_flag];
  for (const DataFlag& flag : content_->flags) {
    if (flag.flag != text) continue;
    if (flag.scheme == scheme) return flag;
    if (elsewhere == nullptr) elsewhere = &flag;
  }
  return elsewhere != nullptr ? *elsewhere : content_->flags[content_->other_flag];
}

const AqiStandard* StandardSet::aqi(Instant at) const {
  for (const AqiStandard& standard : content_->aqi) {
    if (standard.edition.validity.contains(at)) return &standard;
  }
  return nullptr;
}

const WaterStandard* StandardSet::water(Instant at) const {
  for (const WaterStandard& standard : content_->water) {
    if (standard.edition.validity.contains(at)) return &standard;
  }
  return nullptr;
}

const std::vector<AqiStandard>& StandardSet::aqi_editions() const { return content_->aqi; }
const std::vector<WaterStandard>& StandardSet::water_editions() const { return content_->water; }

std::span<const RuleRow> StandardSet::rules(std::string_view kind) const {
  const auto found = content_->rules.find(kind);
  return found == content_->rules.end() ? std::span<const RuleRow>() : std::span<const RuleRow>(found->second);
}

std::optional<Decimal> StandardSet::convert(Decimal value, std::string_view from, std::string_view to) const {
  if (from == to) return value;
  const Unit* source = content_->unit(from);
  const Unit* target = content_->unit(to);
  if (source == nullptr || target == nullptr || source->quantity != target->quantity) return std::nullopt;
  return scaled(value, source->power - target->power);
}

bool StandardSet::knows_unit(std::string_view unit) const { return content_->unit(unit) != nullptr; }

std::string_view StandardSet::unit_symbol(std::string_view unit) const {
  const Unit* found = content_->unit(unit);
  return found == nullptr ? unit : std::string_view(found->symbol);
}

}  // namespace mj::standards
