#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <soci/soci.h>

#include "mj/kernel/instant.hpp"
#include "mj/kernel/result.hpp"

namespace mj::registry {

/// A decision about a device as it stands in the log.
struct RecordedDecision {
  std::uint64_t entry = 0;
  Instant at;
  std::string payload;
};

/// The tables of the register. Every member may throw soci::soci_error. Thread: one at a time.
class DecisionTable {
 public:
  /// Errors: as storage::open_sqlite.
  [[nodiscard]] static Result<std::unique_ptr<DecisionTable>> open(const std::filesystem::path& file);

  [[nodiscard]] std::uint64_t position();
  /// In order of the log.
  [[nodiscard]] std::vector<RecordedDecision> decisions();
  /// Adds decisions and moves the position in one transaction.
  void commit(const std::vector<RecordedDecision>& decisions, std::uint64_t position);
  void begin_anew();

 private:
  explicit DecisionTable(std::unique_ptr<soci::session> session) : session_(std::move(session)) {}
  std::unique_ptr<soci::session> session_;
};

}  // namespace mj::registry
