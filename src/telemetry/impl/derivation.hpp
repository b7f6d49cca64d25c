#pragma once

#include <array>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "duck.hpp"
#include "frame_reading.hpp"
#include "mj/evidence/log.hpp"
#include "mj/telemetry/store.hpp"
#include "series_table.hpp"

namespace mj::telemetry {

/// Counts by class, as they stand after everything derived so far.
struct Counts {
  std::uint64_t position = 0;       ///< entries of the log processed
  std::uint64_t stored = 0;
  std::uint64_t stored_values = 0;
  std::uint64_t duplicate = 0;
  std::uint64_t quarantined = 0;
  std::uint64_t decisions = 0;      ///< entries that are no reception
  std::map<std::string, std::uint64_t, std::less<>> rejected;
};

/// Devices seen, numbered for the frame table.
class DeviceTable {
 public:
  std::uint32_t find(std::string_view mn);
  [[nodiscard]] std::size_t size() const { return names_.size(); }
  [[nodiscard]] const std::string& mn(std::uint32_t id) const { return names_[id]; }

 private:
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::uint32_t> ids_;
  std::string look_up_;
};

/// Everything the consuming thread carries from batch to batch; thrown away and read again when a batch fails.
struct FollowerState {
  SeriesTable series;
  DeviceTable devices;
  Counts counts;
};

/// Derives one batch inside the connection's open transaction. Values later than everything known of their series are
/// new without a question to the database; only late, repeated or corrected ones are compared with what is stored.
class Derivation {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Derivation>> begin(duck::Connection& connection, FrameReader& reader, FollowerState& state);

  /// `released`: the entry was in quarantine and is derived now that its device is registered.
  Status add(const evidence::StoredEntry& stored, bool released);
  /// Compares the late values, writes frames, dictionaries, counts and the position. The transaction stays open.
  Status finish();

  [[nodiscard]] const std::vector<SeriesId>& changed() const { return changed_; }
  /// The newest frames, at most `limit`.
  [[nodiscard]] std::vector<FrameLine> newest_frames(std::size_t limit) const;

 private:
  struct Row {
    SeriesId series;
    std::int64_t at_ms = 0;
    double value = 0;
    bool has_value = false;
    std::uint8_t decimals = 0;
    std::string flag;
    std::string text;
    bool has_text = false;
    std::uint32_t revision = 0;
    std::uint64_t entry = 0;

    /// The same value as received, whichever frame brought it.
    [[nodiscard]] bool same_value(const Row& other) const {
      return has_value == other.has_value && value == other.value && decimals == other.decimals && flag == other.flag &&
             has_text == other.has_text && text == other.text;
    }
  };
  struct Frame {
    std::uint64_t entry = 0;
    std::int64_t received_ms = 0;
    std::uint32_t device = 0;
    std::array<char, 8> st{};
    std::array<char, 8> cn{};
    std::int64_t data_ms = 0;
    bool has_data_time = false;
    std::uint32_t bytes = 0;
    Disposition disposition = Disposition::stored;
    std::string_view reason;
    std::uint32_t values = 0;        ///< values it carried
    std::uint32_t observations = 0;  ///< values and revisions it gave
  };
  struct Late {
    Row row;
    std::size_t frame = 0;
  };

  Derivation(duck::Connection& connection, FrameReader& reader, FollowerState& state)
      : connection_(connection), reader_(reader), state_(state) {}
  Status put(duck::Writer& writer, const Row& row);
  Status settle_late();
  Status write_frames();
  Status write_dictionaries();
  Status write_counts();
  void note_newest(const Row& row, std::int64_t received_ms);

  duck::Connection& connection_;
  FrameReader& reader_;
  FollowerState& state_;
  std::unique_ptr<duck::Writer> recent_;
  std::size_t series_before_ = 0;
  std::size_t devices_before_ = 0;
  std::vector<Frame> frames_;
  std::vector<Late> late_;
  std::vector<std::uint64_t> released_;
  std::vector<SeriesId> changed_;
  std::vector<bool> is_changed_;
};

}  // namespace mj::telemetry
