#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mj/kernel/instant.hpp"

namespace mj::standards {

/// A text in Chinese and in English; the English one falls back to the Chinese.
struct Text {
  std::string zh;
  std::string en;
  bool operator==(const Text&) const = default;
};

/// How well a figure of a table is known 核实状态. Shown next to it wherever it decides something.
enum class Verification {
  verified,     ///< the official text or a scan of it was read
  third_party,  ///< a transcription or an implementation was read
  inferred,     ///< it reproduces officially published results; the text was not read
  unverified,   ///< known only from memory or practice
};
/// "VERIFIED", "THIRD_PARTY", "INFERRED", "UNVERIFIED". Errors: none for another word.
[[nodiscard]] std::string_view name(Verification state);
[[nodiscard]] std::optional<Verification> parse_verification(std::string_view word);

/// The time in which something is in force 有效期; compared with the start of the interval a value stands for.
struct Validity {
  Instant from;               ///< inclusive
  std::optional<Instant> to;  ///< exclusive; none = until further notice
  [[nodiscard]] bool contains(Instant at) const { return at >= from && (!to || at < *to); }
  [[nodiscard]] bool overlaps(const Validity& other) const {
    return (!other.to || from < *other.to) && (!to || other.from < *to);
  }
  bool operator==(const Validity&) const = default;
};

/// One edition of a standard as it was loaded 标准版本.
struct Edition {
  std::string id;  ///< authority, number and year: "HJ 633-2026"
  Text title;
  Validity validity;
  Verification verification = Verification::unverified;
  std::string source;  ///< where the tables were taken from
  /// Where it applies 适用地域: "nation", or the code of a province or city (GB/T 2260) for a local standard.
  std::string jurisdiction = "nation";
  std::vector<std::string> supersedes;  ///< ids of the editions whose place it took 代替
  bool local = false;                   ///< it comes from the folder of local files
};

}  // namespace mj::standards
