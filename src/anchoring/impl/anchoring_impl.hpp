#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "anchor_table.hpp"
#include "head.hpp"
#include "mj/anchoring/anchors.hpp"
#include "witness_client.hpp"

namespace mj::anchoring {

/// One witness: how to ask it, and what it last said.
struct Desk {
  explicit Desk(WitnessClient asked) : client(std::move(asked)) {}
  WitnessClient client;
  bool objects = false;                     ///< it has shown another history; guarded by state_mutex
  std::optional<std::int64_t> cosigned_ms;  ///< by the steady clock
  std::optional<std::pair<Alert::Kind, std::uint64_t>> told;  ///< the objection that was raised last
};

struct Anchoring::Impl {
  Impl(evidence::Log& into, Options given, runtime::Clock now)
      : log(into), options(std::move(given)), clock(std::move(now)), head(options.policy()) {}

  evidence::Log& log;
  const Options options;
  const runtime::Clock clock;

  std::mutex round_mutex;  ///< one round at a time; guards desks and what follows; taken before the others
  std::vector<Desk> desks;
  std::uint64_t anchored_size = 0;          ///< of the newest anchor
  std::optional<std::int64_t> anchored_ms;  ///< by the steady clock

  mutable std::mutex table_mutex;  ///< guards `table`
  std::unique_ptr<AnchorTable> table;
  std::uint64_t next = 0;       ///< of the consuming thread
  std::uint64_t committed = 0;  ///< of the consuming thread

  mutable std::mutex state_mutex;  ///< guards what follows; never held together with table_mutex
  State state;
  Head head;
  std::uint64_t position = 0;
  std::uint64_t others = 0;  ///< one more than the newest entry that is no anchor
  std::function<void()> listener;

  void changed() const;

  // follower.cpp: the index.
  Status restore();
  Result<std::size_t> consume();
  Status begin_anew();
  /// The anchor that an entry holds; none for another entry, or when it is not one of this log.
  [[nodiscard]] std::optional<JudgedAnchor> anchor_of(const evidence::StoredEntry& stored) const;

  // round.cpp: the witnesses and the authority.
  Status check_before_start();
  /// Shows the newest checkpoint to the witnesses; `all`: also to those that have signed it a moment ago.
  Status show(bool all);
  void ask(std::size_t desk, const evidence::SignedCheckpoint& checkpoint);
  void take_objection(std::size_t desk, const Objection& objection);
  [[nodiscard]] bool is_due(std::size_t desk, std::uint64_t size) const;
  [[nodiscard]] bool anchor_is_due() const;
  /// Makes an entry of what the last show() brought. Errors: conflict while a witness objects; unavailable when fewer than
  /// the quorum signed, or nobody.
  Result<Anchor> anchor();
  Result<Bytes> stamp(const std::string& text);
  Result<std::uint64_t> record(const std::string& payload, Instant at);
  Status raise(const Alert& alert);
};

}  // namespace mj::anchoring
