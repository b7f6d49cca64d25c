#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dictionary.hpp"
#include "frame_reading.hpp"
#include "import_reading.hpp"
#include "mj/duck/duck.hpp"
#include "mj/evidence/log.hpp"
#include "mj/telemetry/store.hpp"

namespace mj::telemetry {

/// Counts by class, as they stand after everything derived so far.
struct Counts {
  std::uint64_t position = 0;  ///< entries of the log processed
  std::uint64_t stored = 0;
  std::uint64_t stored_values = 0;
  std::uint64_t duplicate = 0;
  std::uint64_t quarantined = 0;
  std::uint64_t decisions = 0;  ///< entries that are no reception
  std::map<std::string, std::uint64_t, std::less<>> rejected;
};

/// Everything the consuming thread carries from batch to batch; thrown away and read again when a batch fails.
struct FollowerState {
  SeriesTable series;
  FormTable forms;
  Counts counts;
};

/// A row of recent, settled or superseded.
struct ObservationRow {
  SeriesId series;
  std::int64_t at_ms = 0;
  double value = 0;
  bool has_value = false;
  FormId form;
  std::uint64_t entry = 0;
  std::string text;  ///< only where the form says that it is kept
};

/// Derives one batch inside the connection's open transaction. Values later than everything known of their series are
/// new without a question to the database; only late, repeated or corrected ones are compared with what is stored.
class Derivation {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Derivation>> begin(duck::Connection& connection, FrameReader& reader,
                                                                 ImportReader& imports, FollowerState& state);

  /// `released`: the entry was in quarantine and is derived now that its device is registered.
  Status add(const evidence::StoredEntry& stored, bool released);
  /// Compares the late values, writes frames, dictionaries, counts and the position. The transaction stays open.
  Status finish();

  [[nodiscard]] const std::vector<SeriesId>& changed() const { return changed_; }
  /// The newest frames, at most `limit`.
  [[nodiscard]] std::vector<FrameLine> newest_frames(std::size_t limit) const;

 private:
  /// What a rejected or quarantined frame said of itself: kept as text, so that strangers do not fill the dictionaries.
  struct Stranger {
    std::string device, st, cn;
  };
  struct Frame {
    std::uint64_t entry = 0;
    std::int64_t received_ms = 0;
    std::int64_t data_ms = 0;
    bool has_data_time = false;
    bool known = false;  ///< `stream` counts; otherwise strangers_[stranger]
    StreamId stream;
    std::uint32_t stranger = 0;
    std::uint32_t bytes = 0;
    Disposition disposition = Disposition::stored;
    Reason reason = Reason::none;
    std::uint32_t values = 0;           ///< values it carried
    std::uint32_t observations = 0;     ///< values and revisions it gave
    std::optional<std::size_t> import;  ///< in imports_: it is no frame but an entry of an import
  };
  /// What an import entry says beside what every entry does.
  struct Import {
    std::optional<dataset::FileManifest> manifest;  ///< when it is one
    std::optional<std::uint64_t> file;              ///< when it is a part
    std::uint32_t part = 0;
    std::uint64_t start = 0;
    std::uint32_t bytes = 0;
    std::uint64_t next_line = 0;
    std::uint32_t rows = 0;
    std::uint32_t unreadable = 0;
  };
  struct Late {
    ObservationRow row;
    std::size_t frame = 0;
  };
  /// The versions of one late value: those stored and those of this batch, oldest first; the last is current.
  struct Versions {
    std::vector<ObservationRow> rows;
    std::size_t stored = 0;  ///< 1 when the first of them is in the database
  };
  using LateKey = std::pair<std::uint32_t, std::int64_t>;
  using LateValues = std::map<LateKey, Versions>;

  Derivation(duck::Connection& connection, FrameReader& reader, ImportReader& imports, FollowerState& state)
      : connection_(connection), reader_(reader), import_reader_(imports), state_(state) {}
  Status add_import(const evidence::StoredEntry& stored);
  Status read_part(const ImportReading& reading, Frame& frame, Import& import);
  static Status put(duck::Writer& writer, const ObservationRow& row);
  Status add_value(SeriesTable::Stream& stream, std::size_t position, const FrameValue& value, Frame& frame);
  void keep_text(const ObservationRow& row);
  Status settle_late();
  Result<LateValues> read_late(const std::string& range);
  void apply_late(LateValues& values);
  Status write_late(const LateValues& values, const std::string& range);
  Status write_frames();
  Status write_imports();
  Status write_dictionaries();
  Status write_counts();
  void count(const Frame& frame);
  void note_newest(const ObservationRow& row, std::int64_t received_ms);

  duck::Connection& connection_;
  FrameReader& reader_;
  ImportReader& import_reader_;
  FollowerState& state_;
  std::unique_ptr<duck::Writer> recent_;
  std::size_t streams_before_ = 0;
  std::size_t series_before_ = 0;
  std::size_t forms_before_ = 0;
  ObservationRow row_;  ///< reused from value to value
  Form form_;           ///< reused from value to value
  std::vector<Frame> frames_;
  std::vector<Stranger> strangers_;
  std::vector<Import> imports_;
  std::vector<Late> late_;
  std::vector<std::uint64_t> released_;
  std::vector<ObservationRow> kept_texts_;
  std::vector<SeriesId> changed_;
  std::vector<bool> is_changed_;
};

}  // namespace mj::telemetry
