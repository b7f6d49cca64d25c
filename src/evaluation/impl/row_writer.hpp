#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "mj/duck/duck.hpp"

namespace mj::evaluation {

/// One row of the table `result`, words and grades as numbers.
struct StoredRow {
  std::uint32_t element = 0;
  std::uint32_t subject = 0;
  std::uint32_t indicator = 0;
  std::uint32_t primary = 0;
  std::uint32_t reason = 0;
  std::uint32_t standard = 0;
  std::uint32_t inputs = 0;
  std::uint32_t expected = 0;
  std::uint32_t run = 0;
  std::int32_t at_h = 0;
  std::int64_t mantissa = 0;
  std::uint64_t first_entry = 0;
  std::uint64_t last_entry = 0;
  std::uint64_t digest = 0;
  std::uint16_t grade = 0;
  std::uint8_t level = 0;
  std::uint8_t period = 0;
  std::uint8_t decimals = 0;
  std::uint8_t verification = 0;
  std::uint8_t stage = 0;
  bool has_value = false;
  bool complete = true;
};

/// Appends rows on a thread of its own, so that judging and compressing share two cores. Part of the connection's open
/// transaction; the connection must not be used between the first add() and close(). Thread: one.
class RowWriter {
 public:
  explicit RowWriter(duck::Connection& connection);
  /// Gives up what was not written.
  ~RowWriter();
  RowWriter(const RowWriter&) = delete;
  RowWriter& operator=(const RowWriter&) = delete;

  /// Errors: unavailable, of this row or of an earlier one.
  Status add(const StoredRow& row);
  /// Everything is in the table afterwards. The writer is used up.
  Status close();

 private:
  Status write_blocks();
  void hand_over();

  duck::Connection& connection_;
  std::vector<StoredRow> block_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::vector<StoredRow>> blocks_;
  bool ended_ = false;
  bool given_up_ = false;
  std::optional<Error> failure_;
  std::jthread thread_;
};

}  // namespace mj::evaluation
