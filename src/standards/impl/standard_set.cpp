#include "mj/standards/standard_set.hpp"

#include <openssl/evp.h>
#include <toml++/toml.h>

#include <fstream>
#include <limits>
#include <map>

#include "cells.hpp"
#include "csv.hpp"
#include "mj/kernel/bytes.hpp"
#include "tables.hpp"

namespace mj::standards {
namespace {

namespace fs = std::filesystem;

/// SHA-256 over (name, length, content) of every file in order.
class ContentDigest {
 public:
  ContentDigest() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
  }
  void add(std::string_view name, std::string_view content) {
    const std::string head = fmt::format("{}\n{}\n", name, content.size());
    EVP_DigestUpdate(context_.get(), head.data(), head.size());
    EVP_DigestUpdate(context_.get(), content.data(), content.size());
  }
  std::string hex() {
    Digest digest{};
    unsigned size = 0;
    EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(digest.data()), &size);
    return to_hex(digest);
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

Result<std::string> read_whole(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return Error(ErrorCode::not_found, fmt::format("cannot read {}", file.string()));
  return std::string(std::istreambuf_iterator<char>(stream), {});
}

Error at(const std::string& file, const toml::node& node, std::string_view what) {
  return Error(ErrorCode::invalid_input, fmt::format("{}:{}: {}", file, node.source().begin.line, what));
}

Result<Edition> read_edition(const std::string& file, const toml::table& document) {
  Edition edition;
  edition.id = document["id"].value_or(std::string());
  edition.title.zh = document["title"]["zh"].value_or(std::string());
  edition.title.en = document["title"]["en"].value_or(edition.title.zh);
  edition.source = document["source"].value_or(std::string());
  const auto from = day_begin(document["valid_from"].value_or(std::string()));
  const auto verification = parse_verification(document["verification"].value_or(std::string()));
  if (edition.id.empty() || edition.title.zh.empty()) return at(file, document, "id and title.zh are needed");
  if (!from) return at(file, document, "valid_from must be a day such as \"2026-03-01\"");
  if (!verification)
    return at(file, document, "verification must be VERIFIED, THIRD_PARTY, INFERRED or UNVERIFIED");
  edition.validity.from = *from;
  edition.verification = *verification;
  if (const auto* last = document.get("valid_to")) {
    edition.validity.to = day_end(last->value_or(std::string()));
    if (!edition.validity.to) return at(file, *last, "valid_to must be the last day, such as \"2026-02-28\"");
  }
  return edition;
}

/// "2005", "2017", "2025". Errors: none for another word.
std::optional<hj212::Dialect> parse_dialect(std::string_view word) {
  for (const auto dialect : {hj212::Dialect::v2005, hj212::Dialect::v2017, hj212::Dialect::v2025}) {
    if (hj212::name(dialect) == word) return dialect;
  }
  return std::nullopt;
}

/// Tables that describe HJ 212 itself and are read by the codec.
constexpr std::array<std::string_view, 6> kProtocolKinds{"commands",          "systems", "request_returns",
                                                         "execution_returns", "infos",   "deviations"};
/// Tables of values whose codes the codec must know as well.
constexpr std::array<std::string_view, 2> kSharedKinds{"factors", "flags"};

template <typename Kinds>
bool is_one_of(const Kinds& kinds, std::string_view kind) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

Result<StandardFile> read_standard(const fs::path& root, const fs::path& path, ContentDigest& digest) {
  StandardFile standard;
  standard.file = fs::relative(path, root).generic_string();
  MJ_TRY(const std::string text, read_whole(path));
  digest.add(standard.file, text);
  toml::table document;
  try {
    document = toml::parse(text, standard.file);
  } catch (const toml::parse_error& failure) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("{}:{}: {}", standard.file, failure.source().begin.line, failure.description()));
  }
  MJ_TRY(standard.edition, read_edition(standard.file, document));
  if (const auto* dialect = document.get("dialect")) {
    const auto parsed = parse_dialect(dialect->value_or(std::string()));
    if (!parsed) return at(standard.file, *dialect, "dialect must be \"2005\", \"2017\" or \"2025\"");
    standard.dialect = *parsed;
  }
  standard.surface_water = document["surface_water"].value_or(false);
  standard.index_min = document["aqi"]["index_min"].value_or(0);
  standard.primary_above = document["aqi"]["primary_above"].value_or(50);
  standard.publish_incomplete_above = document["aqi"]["publish_incomplete_above"].value<int>();
  const toml::array* tables = document["table"].as_array();
  if (tables == nullptr) return at(standard.file, document, "no [[table]]");
  for (const toml::node& node : *tables) {
    const toml::table* entry = node.as_table();
    if (entry == nullptr) return at(standard.file, node, "table must be written as [[table]]");
    const std::string kind = (*entry)["kind"].value_or(std::string());
    const std::string file = (*entry)["file"].value_or(std::string());
    if (kind.empty() || file.empty()) return at(standard.file, node, "a [[table]] needs kind and file");
    const std::string origin = fs::relative(path.parent_path() / file, root).generic_string();
    auto content = read_whole(path.parent_path() / file);
    if (!content) return at(standard.file, node, content.error().text());
    digest.add(origin, *content);
    const bool of_protocol = is_one_of(kProtocolKinds, kind);
    if (of_protocol || is_one_of(kSharedKinds, kind))
      standard.protocol.push_back({standard.dialect, standard.surface_water, kind, origin, *content});
    if (of_protocol) continue;
    MJ_TRY(const CsvTable table, read_csv(*content, origin));
    MJ_CHECK(read_table(kind, table, standard));
  }
  return standard;
}

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

  Status add(StandardFile file);
  Status finish();
  [[nodiscard]] const Unit* unit(std::string_view text) const {
    const auto found = unit_by_text.find(text);
    return found == unit_by_text.end() ? nullptr : &units[found->second];
  }
};

Status StandardSet::Content::add(StandardFile file) {
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

Result<StandardSet> StandardSet::load(const fs::path& directory) {
  std::error_code failure;
  std::vector<fs::path> files;
  for (auto entry = fs::recursive_directory_iterator(directory, failure); !failure && entry != fs::end(entry);
       entry.increment(failure)) {
    if (entry->path().filename() == "standard.toml") files.push_back(entry->path());
  }
  if (failure || files.empty()) {
    return Error(
        ErrorCode::not_found,
        fmt::format("no standard.toml below {}: give the directory of the standards", directory.string()));
  }
  std::sort(files.begin(), files.end());
  auto content = std::make_shared<Content>();
  ContentDigest digest;
  for (const fs::path& file : files) {
    auto standard = read_standard(directory, file, digest);
    if (!standard) return standard.error().context(directory.string());
    if (Status added = content->add(std::move(*standard)); !added)
      return added.error().context(directory.string());
  }
  if (Status whole = content->finish(); !whole) return whole.error().context(directory.string());
  content->digest = digest.hex();
  return StandardSet(std::move(content));
}

const std::string& StandardSet::digest() const { return content_->digest; }
const hj212::Protocol& StandardSet::protocol() const { return *content_->protocol; }
const std::vector<Edition>& StandardSet::editions() const { return content_->editions; }
const std::vector<Factor>& StandardSet::factors() const { return content_->factors; }
const std::vector<DataFlag>& StandardSet::flags() const { return content_->flags; }

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

std::string_view StandardSet::unit_symbol(std::string_view unit) const {
  const Unit* found = content_->unit(unit);
  return found == nullptr ? unit : std::string_view(found->symbol);
}

}  // namespace mj::standards
