#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mj/hj212/protocol.hpp"
#include "mj/kernel/result.hpp"

namespace mj::hj212 {

/// The code tables of all editions: systems, replies, info codes, deviations, factors, data flags.
class CodeTables {
 public:
  /// Adds one file of any kind but "commands". Errors: invalid_input with file and line.
  Status add(const Protocol::Source& source);
  /// To be called once when all files are there; after it the tables may be asked.
  void finish();

  [[nodiscard]] const CodeWord* system(std::string_view st) const;
  [[nodiscard]] const CodeWord* request_return(Dialect dialect, bool surface_water, std::string_view code) const;
  [[nodiscard]] const CodeWord* execution_return(Dialect dialect, bool surface_water, std::string_view code) const;
  [[nodiscard]] const CodeWord* info(std::string_view code) const;
  [[nodiscard]] const std::vector<CodeWord>& deviations() const { return deviations_; }
  [[nodiscard]] FactorCode factor(std::string_view code) const;
  [[nodiscard]] bool knows_flag(std::string_view flag, Dialect dialect) const;

 private:
  using Words = std::map<std::string, CodeWord, std::less<>>;
  using Edition = std::pair<Dialect, bool>;  ///< dialect, surface-water profile
  struct FlagWord {
    std::string flag;
    Dialect dialect;
  };

  Status add_factors(const Protocol::Source& source);
  Status add_flags(const Protocol::Source& source);
  [[nodiscard]] FactorCode exact(std::uint64_t code) const;

  Words systems_, infos_;
  std::array<const CodeWord*, 100> numbered_systems_{};  ///< by the two digits of their code
  std::map<Edition, Words> request_returns_, execution_returns_;
  std::vector<CodeWord> deviations_;
  std::vector<FlagWord> flags_;
  std::unordered_map<std::uint64_t, FactorCode> read_factors_;
  /// Open addressing, a power of two in size, at most half full; 0 is an empty place. Looked up for every field of every
  /// frame, so it must not cost more than a few nanoseconds.
  std::vector<std::pair<std::uint64_t, FactorCode>> factors_;
};

}  // namespace mj::hj212
