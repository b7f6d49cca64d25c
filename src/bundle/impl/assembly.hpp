#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "document.hpp"
#include "leaves.hpp"
#include "mj/bundle/export.hpp"

namespace mj::bundle {

/// A bundle under construction: collects entries, tables and steps; each step is computed as a verifier will.
class Assembly {
 public:
  explicit Assembly(const Sources& sources) : sources_(sources) {}
  Assembly(const Assembly&) = delete;
  Assembly& operator=(const Assembly&) = delete;

  Document document;

  /// Takes an entry in; once. Errors: not_found, damaged.
  Status take(std::uint64_t entry);
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

  /// The packet of an entry that was taken in, and the key it is read with. Errors: invalid_input when that key may not be given away.
  struct Read {
    Packet packet;
    std::optional<hj212::Sm4Key> key;
  };
  [[nodiscard]] Result<Read> read(std::uint64_t entry) const;
  [[nodiscard]] bool is_import(std::uint64_t entry) const;

  /// Adds a `field` step for a value that the platform took from an entry: `text` as the platform has it. Errors: damaged when the packet
  /// does not hold it; those of read().
  [[nodiscard]] Result<std::uint32_t> add_field(std::uint64_t entry, const Read& read, std::string_view name,
                                                std::string_view text);
  /// Adds the leaf for a value that the platform took from an entry: a `field` of a packet, a `cell` of an imported file. The entry is
  /// taken in, with its manifest; the same leaf is added once. `text` as the platform has it. Errors: as add_field().
  [[nodiscard]] Result<std::uint32_t> add_value(const telemetry::SeriesKey& key, Instant at, std::uint64_t entry,
                                                std::string_view text);
  /// What an imported value is: the cell of a leaf. None for a leaf that is a `field`.
  [[nodiscard]] std::optional<Cell> cell_of(std::uint32_t leaf);
  /// Place of a table; one of the same id is added once.
  std::uint32_t add_table(Table table);
  /// Adds a step and computes its result. Errors: invalid_input when it gives none.
  [[nodiscard]] Result<std::uint32_t> add(Step step);
  [[nodiscard]] Result<std::uint32_t> add(Op op, std::vector<std::uint32_t> inputs, std::uint32_t table = 0,
                                          std::string number = {}, std::uint8_t decimals = 0);
  [[nodiscard]] const std::string& result(std::uint32_t step) const { return document.steps[step].result; }

  /// Adds keys, checkpoint, witnesses, time stamp and proofs, and verifies the whole. Errors: damaged naming the check that fails.
  [[nodiscard]] Result<std::string> finish();

 private:
  Result<std::uint32_t> add_leaf(Step step);
  Status take_checkpoint();
  /// True when enough witnesses have seen the entries up to `newest`.
  Result<bool> take_witnessed(std::uint64_t newest);
  Status take_anchor(const anchoring::Anchor& anchor);

  const Sources& sources_;
  ImportedCells cells_{document};
  std::map<std::tuple<std::uint64_t, std::uint64_t, std::string, std::uint32_t>, std::uint32_t>
      leaves_;  ///< by entry, line, name or column, group
  std::map<std::string, std::uint32_t> tables_;
  std::size_t bytes_ = 0;
  std::uint64_t size_ = 0;  ///< of the checkpoint
};

/// Days of validity of a standard's table. A time that stands for "ever" is none.
void set_validity(Table& table, const standards::Validity& validity);
/// Unit of a factor's values at a point; empty when it is not known.
[[nodiscard]] std::string unit_at(const Sources& sources, const registry::Point* point, std::string_view factor,
                                  std::string_view value_kind);

/// Each figure by its kind. The document's figure_id is set.
Status assemble_value(const Sources& sources, Assembly& assembly);
Status assemble_mean(const Sources& sources, Assembly& assembly);
/// Index and class of a point.
Status assemble_state(const Sources& sources, Assembly& assembly);
/// A figure of evaluation, statistics or appraisal, from the calculation sheets that lead to it; each figure on the way is compared with
/// what the platform shows.
Status assemble_result(const Sources& sources, Assembly& assembly);

}  // namespace mj::bundle
