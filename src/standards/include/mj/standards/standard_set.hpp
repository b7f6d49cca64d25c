#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mj/hj212/protocol.hpp"
#include "mj/kernel/decimal.hpp"
#include "mj/kernel/result.hpp"
#include "mj/standards/air.hpp"
#include "mj/standards/factor.hpp"
#include "mj/standards/rule_row.hpp"
#include "mj/standards/source.hpp"
#include "mj/standards/table.hpp"
#include "mj/standards/water.hpp"

namespace mj::standards {

/// All standards of a directory, checked and immutable 标准库. Cheap to copy; shared freely between threads. Every
/// verdict names digest(), so that it can be reached again.
class StandardSet {
 public:
  /// Reads every `standard.toml` below `directory` and the tables it names. Errors: not_found; invalid_input with
  /// file, line, column and what is wrong (unknown word, missing cell, overlapping validity …).
  /// `overrides`: a folder of local files 本地标准, read after the others; empty = none. There a standard.toml is either an
  /// edition of its own (a standard of a province) or says `overrides = "<id>"` and `source`; its tables then replace
  /// the rows of that edition that have the same key, for the days they are in force, and add those it lacks. Errors:
  /// also not_found when the folder is not there.
  [[nodiscard]] static Result<StandardSet> load(const std::filesystem::path& directory,
                                                const std::filesystem::path& overrides = {});

  /// SHA-256 (hex) over the names and contents of all files read.
  [[nodiscard]] const std::string& digest() const;
  [[nodiscard]] const std::vector<Edition>& editions() const;
  /// Null when there is none.
  [[nodiscard]] const Edition* edition(std::string_view id) const;
  /// All tables as they stand in their files, by edition, for people to read.
  [[nodiscard]] const std::vector<Table>& tables() const;

  /// The tables of HJ 212 in all its editions 规约表, with the factor codes and data flags of all standards.
  [[nodiscard]] const hj212::Protocol& protocol() const;

  /// The factor of a canonical or 2005 code; null when it is in no table.
  [[nodiscard]] const Factor* factor(std::string_view code) const;
  /// The canonical code of a code as received: `011` → `w01018`; an unknown code is its own.
  [[nodiscard]] std::string_view canonical(std::string_view code) const;
  /// Ordered by code.
  [[nodiscard]] const std::vector<Factor>& factors() const;

  /// Meaning of a device flag; an empty or unknown one has an entry of its own.
  [[nodiscard]] const DataFlag& flag(std::string_view flag, FlagScheme scheme = FlagScheme::hj212_2017) const;
  [[nodiscard]] const std::vector<DataFlag>& flags() const;

  /// The edition in force at the start of the interval; null when there is none.
  [[nodiscard]] const AqiStandard* aqi(Instant at) const;
  [[nodiscard]] const WaterStandard* water(Instant at) const;

  /// All editions, each cut where one of its rows begins or ends; for a standard chosen by name.
  [[nodiscard]] const std::vector<AqiStandard>& aqi_editions() const;
  [[nodiscard]] const std::vector<WaterStandard>& water_editions() const;

  /// The rows of a kind of table of all editions, in the order of the files; empty when no file has the kind.
  [[nodiscard]] std::span<const RuleRow> rules(std::string_view kind) const;

  /// The value in another unit of the same quantity, exactly. Errors: none when a unit is unknown, the quantities
  /// differ or the digits do not fit. Equal units always convert.
  [[nodiscard]] std::optional<Decimal> convert(Decimal value, std::string_view from, std::string_view to) const;
  /// Whether a table of units has it.
  [[nodiscard]] bool knows_unit(std::string_view unit) const;
  /// The usual spelling of a unit: `ug/m3` → `µg/m³`; an unknown one stays as it is.
  [[nodiscard]] std::string_view unit_symbol(std::string_view unit) const;

 private:
  struct Content;
  explicit StandardSet(std::shared_ptr<const Content> content);
  std::shared_ptr<const Content> content_;
};

}  // namespace mj::standards
