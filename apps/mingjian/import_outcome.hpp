#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "mj/intake/receipt.hpp"
#include "mj/telemetry/imports.hpp"

namespace mj::app {

/// What became of one file, for people: one line of the report of `mingjian import`.
struct ImportOutcome {
  std::string path;
  std::string layout;  ///< id; empty when none fits
  std::string state;   ///< stored, already, register, read (dry run), refused, failed
  std::uint64_t rows = 0;
  std::uint64_t values = 0;
  std::uint64_t stored = 0;
  std::uint64_t unreadable = 0;
  std::string note;  ///< why it was refused or failed; what the register got
  std::optional<std::uint64_t> entry;
  std::vector<intake::Fault> faults;
};

[[nodiscard]] ImportOutcome outcome_of(const std::string& path, const intake::Receipt& receipt,
                                       const std::optional<telemetry::ImportedFile>& derived);
/// Of a receipt as the server sends it.
[[nodiscard]] ImportOutcome outcome_of(const std::string& path, const nlohmann::ordered_json& receipt);
[[nodiscard]] ImportOutcome failed_outcome(const std::string& path, const std::string& why);

[[nodiscard]] nlohmann::ordered_json to_json(const ImportOutcome& outcome);
/// The report: a line for each file, then at most `most_faults` faults of each.
[[nodiscard]] std::string report_text(const std::vector<ImportOutcome>& outcomes, std::size_t most_faults);

}  // namespace mj::app
