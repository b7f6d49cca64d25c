#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/evidence_format/checkpoint.hpp"
#include "mj/evidence_format/note.hpp"
#include "mj/kernel/result.hpp"

namespace mj::bundle {

/// What the verifier knows from elsewhere than the bundle. What is left out is taken from the bundle, and the verdict says so: then it
/// shows only that the bundle agrees with itself.
struct Trust {
  std::vector<evidence_format::VerifierKey> log_keys;  ///< of the first key statement, or of any later one
  std::optional<evidence_format::WitnessPolicy> policy;
  std::string timestamp_pem;  ///< certificates of time-stamp authorities

  /// The text of a trust file: lines `log <vkey>`, `witness <vkey>`, `quorum <n>`, a PEM block; `#` begins a comment.
  [[nodiscard]] static Result<Trust> parse(std::string_view text);
};

/// One check of docs/formats/bundle.md §4.
struct Check {
  enum class Outcome { passed, failed, absent };
  std::string id;  ///< "format", "keys", "checkpoint" … in the order of the document
  Outcome outcome = Outcome::passed;
  std::string text;  ///< English: what was found, with numbers and places
};

struct Verdict {
  bool ok = false;       ///< no check failed
  bool trusted = false;  ///< the log's keys came from Trust, not from the bundle
  std::vector<Check> checks;
  std::string subject;  ///< figure or device
  std::string value;    ///< of the figure, with unit; empty for devices
};

/// Needs no server, no database and no clock. Any bytes are accepted; what is no bundle fails "format".
[[nodiscard]] Verdict verify(std::string_view bundle, const Trust& trust);

}  // namespace mj::bundle
