#include "protocol_codes.hpp"

#include <algorithm>
#include <bit>

#include "byte_scan.hpp"
#include "protocol_table.hpp"
#include "scan.hpp"

namespace mj::hj212 {
namespace {

constexpr std::string_view kVerified = "VERIFIED";
constexpr std::size_t kLongestCode = sizeof(std::uint64_t);

/// A code as a number; 0 for one that is empty or longer than any in the tables.
std::uint64_t packed_code(std::string_view code) { return code.size() > kLongestCode ? 0 : packed(code); }

/// 0…99, or more for what is not two digits.
std::size_t two_digits(std::string_view code) {
  if (code.size() != 2 || !is_digit(code[0]) || !is_digit(code[1])) return 100;
  return static_cast<std::size_t>((code[0] - '0') * 10 + (code[1] - '0'));
}

template <typename Words>
const CodeWord* look_up(const Words& words, std::string_view code) {
  const auto found = words.find(code);
  return found == words.end() ? nullptr : &found->second;
}

}  // namespace

Status CodeTables::add(const Protocol::Source& source) {
  if (source.kind == "factors") return add_factors(source);
  if (source.kind == "flags") return add_flags(source);
  const Edition edition{source.dialect, source.surface_water};
  Words* into = nullptr;
  if (source.kind == "systems") into = &systems_;
  if (source.kind == "infos") into = &infos_;
  if (source.kind == "request_returns") into = &request_returns_[edition];
  if (source.kind == "execution_returns") into = &execution_returns_[edition];
  if (into == nullptr && source.kind != "deviations")
    return table_error(source.name, 1, fmt::format("\"{}\" is no kind of table of the protocol", source.kind));
  MJ_TRY(auto words, read_code_words(source));
  if (into == nullptr) {
    if (!deviations_.empty()) return table_error(source.name, 1, "there are deviations in another file already");
    deviations_ = std::move(words);
    return {};
  }
  // Editions repeat each other's codes: one whose text was read describes them, otherwise the first.
  for (CodeWord& word : words) {
    const auto [found, is_new] = into->emplace(word.code, word);
    if (!is_new && found->second.verification != kVerified && word.verification == kVerified) found->second = word;
  }
  return {};
}

Status CodeTables::add_factors(const Protocol::Source& source) {
  MJ_TRY(const Table table, read_table(source, {"code"}));
  for (const TableRow& row : table.rows) {
    const auto add = [&](std::string_view column, FactorCode generation) -> Status {
      const std::string_view code = table.cell(row, column);
      if (code.empty()) return {};
      const std::uint64_t bits = packed_code(code);
      if (bits == 0)
        return table_error(table.name, row.line, fmt::format("column {}: \"{}\" is too long", column, code));
      const auto [found, is_new] = read_factors_.emplace(bits, generation);
      if (!is_new && generation == FactorCode::current) found->second = generation;
      return {};
    };
    if (table.cell(row, "code").empty())
      return table_error(table.name, row.line, "column code: the cell is empty");
    MJ_CHECK(add("code", source.dialect == Dialect::v2005 ? FactorCode::old : FactorCode::current));
    MJ_CHECK(add("code_2005", FactorCode::old));
  }
  return {};
}

Status CodeTables::add_flags(const Protocol::Source& source) {
  MJ_TRY(const Table table, read_table(source, {"flag"}));
  for (const TableRow& row : table.rows) {
    const std::string_view flag = table.cell(row, "flag");
    if (flag.empty()) return table_error(table.name, row.line, "column flag: the cell is empty");
    if (flag.starts_with('(')) continue;  // "(none)", "(other)": how an absent and an unknown one are taken
    flags_.push_back({std::string(flag), source.dialect});
  }
  return {};
}

void CodeTables::finish() {
  factors_.assign(std::bit_ceil(read_factors_.size() * 2 + 2), {0, FactorCode::unknown});
  for (const auto& [code, generation] : read_factors_) {
    std::size_t at = hash_place(code, factors_.size());
    while (factors_[at].first != 0) at = (at + 1) & (factors_.size() - 1);
    factors_[at] = {code, generation};
  }
  read_factors_.clear();
  numbered_systems_.fill(nullptr);
  for (const auto& [st, word] : systems_) {
    if (const std::size_t number = two_digits(st); number < numbered_systems_.size())
      numbered_systems_[number] = &word;
  }
}

FactorCode CodeTables::exact(std::uint64_t code) const {
  for (std::size_t at = hash_place(code, factors_.size()); factors_[at].first != 0;
       at = (at + 1) & (factors_.size() - 1)) {
    if (factors_[at].first == code) return factors_[at].second;
  }
  return FactorCode::unknown;
}

FactorCode CodeTables::factor(std::string_view code) const {
  std::uint64_t bits = packed_code(code);
  if (bits == 0) return FactorCode::unknown;
  FactorCode found = exact(bits);
  // Trailing x of a table stand for digits: `e10107` is an `e101xx`, `i33310` an `i3331x`, `d20105` a `d2xxxx`.
  for (std::size_t digits = 1; found == FactorCode::unknown && digits <= 4 && digits < code.size(); ++digits) {
    const std::size_t at = code.size() - digits;
    if (!is_digit(code[at])) break;
    // From four characters on the packed word holds the first four and the last four, which may overlap.
    const auto change = std::uint64_t{static_cast<std::uint8_t>(code[at] ^ 'x')};
    if (code.size() < 4 || at < 4) bits ^= change << (8 * at);
    if (code.size() >= 4) bits ^= change << (8 * (8 - digits));
    found = exact(bits);
  }
  return found;
}

bool CodeTables::knows_flag(std::string_view flag, Dialect dialect) const {
  return std::any_of(flags_.begin(), flags_.end(), [flag, dialect](const FlagWord& word) {
    return word.flag == flag && (word.dialect == dialect || word.dialect == Dialect::unknown);
  });
}

const CodeWord* CodeTables::system(std::string_view st) const {
  const std::size_t number = two_digits(st);
  return number < numbered_systems_.size() ? numbered_systems_[number] : look_up(systems_, st);
}

const CodeWord* CodeTables::info(std::string_view code) const {
  if (const CodeWord* word = look_up(infos_, code)) return word;
  if (code.empty() || code.back() < '0' || code.back() > '9') return nullptr;
  return look_up(infos_, std::string(code.substr(0, code.size() - 1)) + "x");
}

const CodeWord* CodeTables::request_return(Dialect dialect, bool surface_water, std::string_view code) const {
  if (surface_water || dialect == Dialect::unknown) dialect = Dialect::v2017;
  for (const bool profile : {surface_water, false}) {
    const auto found = request_returns_.find({dialect, profile});
    if (found == request_returns_.end()) continue;
    if (const CodeWord* word = look_up(found->second, code)) return word;
  }
  return nullptr;
}

const CodeWord* CodeTables::execution_return(Dialect dialect, bool surface_water, std::string_view code) const {
  if (surface_water || dialect == Dialect::unknown) dialect = Dialect::v2017;
  for (const bool profile : {surface_water, false}) {
    const auto found = execution_returns_.find({dialect, profile});
    if (found == execution_returns_.end()) continue;
    if (const CodeWord* word = look_up(found->second, code)) return word;
  }
  return nullptr;
}

}  // namespace mj::hj212
