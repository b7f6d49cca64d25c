#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mj/bundle/figure.hpp"
#include "mj/evidence_format/proof.hpp"
#include "mj/hj212/sm4.hpp"
#include "mj/kernel/bytes.hpp"
#include "mj/kernel/decimal.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/kernel/result.hpp"

namespace mj::bundle {

/// A bundle as it stands in the file, its form checked (docs/formats/bundle.md §1, §3), nothing else.

/// Row of a table. `breakpoints`: low = C, text = I. `grades`: low = bound, text = name. `classes`: low (and high, "within") = limit,
/// text = class. `parameter`: low = the number, text = it as written. The number of an absent bound or limit is none.
struct TableRow {
  std::optional<Decimal> low;
  std::optional<Decimal> high;
  std::string text;
  Decimal index;  ///< breakpoints: I · classes: the class
};

struct Table {
  enum class Kind { breakpoints, grades, classes, parameter };
  enum class Rounding { up, half_even };
  enum class Better { lower, higher, within };
  std::string id;
  std::string edition;
  std::string clause;
  std::string valid_from;  ///< "YYYY-MM-DD"; empty = from ever
  std::string valid_to;    ///< last day; empty = until further notice
  std::string verification;
  Kind kind = Kind::breakpoints;
  std::string factor;
  std::string unit;
  Rounding rounding = Rounding::half_even;
  std::uint8_t decimals = 0;
  Better better = Better::lower;
  std::vector<TableRow> rows;
};

enum class Op : std::uint8_t {
  field,
  cell,
  time,
  scale,
  round,
  mean,
  interpolate,
  max,
  main,
  grade,
  classify,
  below,
  limit,
  sum,
  difference,
  product,
  ratio,
  percentile,
  count,
  min,
  level,
  ln,
  lg
};
/// "field" … "class" … "lg".
[[nodiscard]] std::string_view name(Op op);

struct Step {
  Op op = Op::field;
  std::uint8_t decimals = 0;
  std::uint32_t group = 0;
  std::uint32_t table = 0;            ///< place in `tables`
  std::uint64_t entry = 0;            ///< index in the log
  std::vector<std::uint32_t> inputs;  ///< earlier steps
  std::uint64_t line = 0;             ///< of a cell: where its record begins in the file
  std::string name;                   ///< of a field; column of a cell
  std::string number;                 ///< `by`, `above`, `least`, as written; empty = no `least`
  std::string clause;                 ///< where the method is said; may be empty
  std::optional<hj212::Sm4Key> key;
  std::string result;

  /// Whether it reads an entry.
  [[nodiscard]] bool is_leaf() const { return op == Op::field || op == Op::cell || op == Op::time; }
};

struct PlacedEntry {
  std::uint64_t index = 0;
  Bytes bytes;  ///< canonical encoding
};

struct Document {
  std::string made_at;
  std::string software;
  std::optional<FigureId> figure_id;  ///< none: a device
  std::string device;
  Instant from;
  Instant to;
  std::string keyring;
  std::string checkpoint;
  std::uint64_t quorum = 0;
  std::vector<std::string> witnesses;
  std::optional<Bytes> timestamp;
  std::optional<std::string> timestamp_trust;
  std::vector<PlacedEntry> entries;
  std::vector<evidence_format::ProofNode> sha256;
  std::vector<evidence_format::ProofNode> sm3;
  std::vector<Table> tables;
  std::vector<Step> steps;
  std::string value;
  std::string unit;
  std::uint32_t value_step = 0;
  std::vector<std::uint64_t> statements;

  /// Place of an entry of the log in `entries`; none when it is not there.
  [[nodiscard]] std::optional<std::size_t> place_of(std::uint64_t index) const;
  /// "value/…", "device <MN> <from> <to>".
  [[nodiscard]] std::string subject() const;
};

/// Errors: invalid_input with what departs from §1 or §3, and where.
[[nodiscard]] Result<Document> read_document(std::string_view bundle);
/// JSON of the document. The form is not checked.
[[nodiscard]] std::string write_document(const Document& document);

/// Longest keyring, checkpoint, time stamp or certificates of it.
inline constexpr std::size_t kMaxTextBytes = 1U << 20U;
inline constexpr std::size_t kMaxWitnesses = 64;
inline constexpr unsigned kMaxDecimals = 18;
inline constexpr std::size_t kMaxClauseCharacters = 200;
inline constexpr std::size_t kMaxProductInputs = 16;
/// Steps `ln` and `lg` and inputs of `level`.
inline constexpr std::size_t kMaxLogarithms = 1U << 20U;

}  // namespace mj::bundle
