#pragma once

#include <deque>

#include "mj/evidence/log.hpp"

namespace mj::alarm {

/// A log in memory whose read() can be told how much to give at most, to try every division into batches.
class MemoryLog final : public evidence::Log {
 public:
  void add(evidence_format::EntryType type, Instant received_at, std::string device, std::string payload) {
    records_.push_back({type, received_at, std::move(device), std::move(payload)});
  }
  /// The next reads give at most this many entries.
  void give_at_most(std::size_t entries) { at_most_ = entries; }
  /// Entries beyond this are not there yet.
  void show_only(std::size_t entries) { shown_ = entries; }

  Status append(evidence::Batch /*batch*/, Committed /*committed*/) override { return Error(ErrorCode::unavailable, "not here"); }
  Result<evidence::EntryIndex> append_and_wait(const evidence_format::Entry& entry) override {
    add(entry.type, entry.received_at, std::string(entry.device), std::string(as_text(entry.payload)));
    return evidence::EntryIndex(records_.size() - 1);
  }
  std::uint64_t size() const override { return std::min(records_.size(), shown_); }
  evidence::LogSize disk_size() const override { return {}; }
  std::uint64_t wait_beyond(std::uint64_t /*entries*/, int /*timeout_ms*/, std::stop_token /*stop*/) const override { return size(); }
  Result<evidence::ReadBatch> read(evidence::EntryIndex first, std::size_t max_entries, std::size_t /*max_bytes*/) const override {
    evidence::ReadBatch batch;
    const std::size_t end = std::min<std::size_t>(size(), first.raw() + std::min(max_entries, at_most_));
    for (std::size_t i = first.raw(); i < end; ++i) {
      const Record& record = records_[i];
      batch.entries.push_back({evidence::EntryIndex(i),
                               {record.type, record.received_at, 1, "127.0.0.1:1", record.device, as_bytes(record.payload)}});
    }
    return batch;
  }
  Result<std::string> checkpoint() override { return Error(ErrorCode::unavailable, "not here"); }
  Result<evidence::InclusionProof> prove(evidence::EntryIndex /*index*/) override { return Error(ErrorCode::unavailable, "not here"); }
  std::string verifier_key() const override { return {}; }
  std::string failure() const override { return {}; }

 private:
  struct Record {
    evidence_format::EntryType type;
    Instant received_at;
    std::string device;
    std::string payload;
  };
  std::deque<Record> records_;
  std::size_t at_most_ = 1U << 20U;
  std::size_t shown_ = std::numeric_limits<std::size_t>::max();
};

}  // namespace mj::alarm
