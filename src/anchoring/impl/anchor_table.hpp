#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include <soci/soci.h>

#include "mj/anchoring/anchors.hpp"

namespace mj::anchoring {

/// An anchor with what it is worth by the options in force.
struct JudgedAnchor {
  Anchor anchor;
  bool counts = false;  ///< enough witnesses signed; or it is stamped, when no witness is demanded
  std::optional<Instant> stamped_at;
};
[[nodiscard]] JudgedAnchor judge(Anchor anchor, const Options& options);

/// What the log says about anchors and alerts, in SQLite. Thread: one at a time. Every member may throw soci::soci_error.
class AnchorTable {
 public:
  /// Judges what it holds anew when the options have changed. Errors: those of the database.
  [[nodiscard]] static Result<std::unique_ptr<AnchorTable>> open(const std::filesystem::path& file,
                                                                 const Options& options);

  [[nodiscard]] std::uint64_t position();
  [[nodiscard]] std::uint64_t others();
  /// In one transaction: exactly once, whatever crashes.
  void commit(const std::vector<JudgedAnchor>& anchors, const std::vector<Alert>& alerts, std::uint64_t position,
              std::uint64_t others);
  void begin_anew();

  /// Newest first.
  [[nodiscard]] std::vector<Anchor> newest(std::size_t limit, bool counting_only = false);
  [[nodiscard]] std::optional<Anchor> first_covering(std::uint64_t entry);
  [[nodiscard]] std::optional<Instant> stamped_at();
  [[nodiscard]] std::vector<Alert> alerts(std::size_t limit);

 private:
  AnchorTable(std::unique_ptr<soci::session> session, const Options& options);
  [[nodiscard]] std::vector<Anchor> select(const std::string& condition);
  void write(const JudgedAnchor& judged);
  void write_book(std::uint64_t position, std::uint64_t others);
  void judge_anew();

  std::unique_ptr<soci::session> session_;
  const Options& options_;
  std::string policy_;
};

}  // namespace mj::anchoring
