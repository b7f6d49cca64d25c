#include "mj/evidence/backup.hpp"

#include "backup_files.hpp"
#include "mj/evidence/verify.hpp"
#include "mj/evidence_format/key_ring.hpp"
#include "mj/evidence_format/note.hpp"
#include "retire_marker.hpp"
#include "tree_files.hpp"

namespace mj::evidence {
namespace {

using evidence_format::Checkpoint;
using evidence_format::KeyRing;
using storage::File;

/// Stands in the directory while a restore is under way.
std::filesystem::path unfinished_mark(const std::filesystem::path& directory) {
  return directory / "restore.unfinished";
}

Error conflict(std::string text) { return Error(ErrorCode::conflict, std::move(text)); }

Result<Checkpoint> parse_checkpoint(const std::string& note) {
  MJ_TRY(const evidence_format::Note parsed, evidence_format::Note::parse(note));
  return Checkpoint::parse(parsed.text);
}

/// What a log says of itself at one moment.
struct Moment {
  Checkpoint checkpoint;
  std::string note;
  KeyRing ring;  ///< without statements behind the checkpoint
};

Result<Moment> read_moment(const Layout& layout) {
  // The checkpoint first: the ring can only be ahead of it.
  auto note = storage::read_file(layout.checkpoint());
  if (!note && note.error().code() == ErrorCode::not_found) {
    return Error(ErrorCode::not_found, fmt::format("{} holds no evidence log", layout.root.string()));
  }
  if (!note) return note.error();
  MJ_TRY(Checkpoint checkpoint, parse_checkpoint(*note));
  MJ_TRY(const std::string text, storage::read_file(layout.keyring()));
  MJ_TRY(const KeyRing whole, KeyRing::parse(text));
  MJ_TRY(KeyRing ring, KeyRing::begin(whole.members().front().note));
  for (const KeyRing::Member& member : whole.members()) {
    if (member.entry && *member.entry < checkpoint.size) MJ_CHECK(ring.add(*member.entry, member.note));
  }
  return Moment{std::move(checkpoint), std::move(*note), std::move(ring)};
}

/// The destination must hold nothing, or an earlier moment of the same log. Returns the entries that it holds.
Result<std::uint64_t> check_destination(const Layout& to, const Moment& moment, const TreeFiles& tree) {
  auto text = storage::read_file(to.keyring());
  if (!text && text.error().code() == ErrorCode::not_found) {
    std::error_code failure;
    for (std::filesystem::directory_iterator entry(to.root, failure), end; !failure && entry != end;
         entry.increment(failure)) {
      if (entry->path() != to.lock() && entry->path() != unfinished_mark(to.root)) {
        return conflict(fmt::format("{} holds something else than a backup ({})", to.root.string(),
                                    entry->path().filename().string()));
      }
    }
    return std::uint64_t{0};
  }
  if (!text) return text.error();
  MJ_TRY(const KeyRing ring, KeyRing::parse(*text));
  if (ring.members().front().note != moment.ring.members().front().note) {
    return conflict(fmt::format("{} is the backup of another log, \"{}\"", to.root.string(),
                                ring.members().front().statement.origin));
  }
  auto note = storage::read_file(to.checkpoint());
  if (!note && note.error().code() == ErrorCode::not_found)
    return std::uint64_t{0};  // a first run was interrupted
  if (!note) return note.error();
  MJ_TRY(const Checkpoint kept, parse_checkpoint(*note));
  if (kept.size > moment.checkpoint.size) {
    return conflict(
        fmt::format("the backup {} holds {} entries, the log only {}: the log was rolled back or restored; "
                    "nothing is copied over a longer history",
                    to.root.string(), kept.size, moment.checkpoint.size));
  }
  MJ_TRY(const Digest root, tree.hashes(HashAlgorithm::sha256).root(kept.size));
  MJ_TRY(const Digest sm3_root, tree.hashes(HashAlgorithm::sm3).root(kept.size));
  if (root != kept.root || (kept.sm3_root && sm3_root != *kept.sm3_root)) {
    return conflict(
        fmt::format("the first {} entries in the backup {} are not those of the log: two histories; "
                    "nothing is copied over either",
                    kept.size, to.root.string()));
  }
  return kept.size;
}

/// Copies a moment of a log. Every step leaves an older whole copy, or one that the next run completes.
class Copy {
 public:
  Copy(Layout from, Layout to, const Progress& progress)
      : from_(std::move(from)), to_(std::move(to)), progress_(progress) {}

  Result<BackupReport> run() {
    MJ_TRY(const Moment moment, read_moment(from_));
    MJ_TRY(const TreeFiles tree, TreeFiles::open(from_, File::Mode::read));
    MJ_CHECK(make_directory(to_.root));
    MJ_TRY(File lock, File::open(to_.lock(), File::Mode::create));
    MJ_CHECK(lock.lock_exclusively());
    MJ_TRY(const std::uint64_t held, check_destination(to_, moment, tree));
    MJ_CHECK(make_directory(to_.segments()));
    MJ_CHECK(make_directory(to_.tree()));
    MJ_CHECK(make_directory(to_.keys()));
    // Which log it is stands there first, so that an interrupted run is known again.
    if (held == 0) MJ_CHECK(storage::replace_file(to_.keyring(), moment.ring.text()));

    MJ_CHECK(copy_segments(moment.checkpoint, tree));
    MJ_CHECK(copy_tree(held, moment.checkpoint.size));
    MJ_CHECK(copy_keys());
    MJ_CHECK(storage::replace_file(to_.keyring(), moment.ring.text()));
    MJ_CHECK(storage::replace_file(to_.checkpoint(), moment.note));
    MJ_CHECK(storage::sync_directory(to_.root));

    const auto verified = verify(to_.root, [&](std::uint64_t done, std::uint64_t all) {
      if (progress_) progress_(copied_ + done, copied_ + all);
    });
    if (!verified) return verified.error().context(fmt::format("the copy in {}", to_.root.string()));
    BackupReport report;
    report.entries = moment.checkpoint.size;
    report.copied_bytes = copied_;
    report.checkpoint_note = moment.note;
    for (const auto& directory : {to_.segments(), to_.tree()}) {
      for (const auto& entry : std::filesystem::directory_iterator(directory)) {
        if (entry.is_regular_file()) report.bytes += entry.file_size();
      }
    }
    return report;
  }

 private:
  /// Every segment that begins at or before the checkpoint; of the last one what is under it.
  Status copy_segments(const Checkpoint& checkpoint, const TreeFiles& tree) {
    MJ_TRY(const SegmentNames names, list_segments(from_));
    std::vector<SegmentSummary> segments;
    for (std::uint32_t number = 0; number < names.count; ++number) {
      MJ_TRY(SegmentSummary segment, summarise_segment(from_, number, {}));
      if (segment.header.first_entry > checkpoint.size) break;
      all_ += segment.stored_bytes;
      segments.push_back(std::move(segment));
    }
    if (segments.empty()) return Error(ErrorCode::damaged, "segment 000000 is missing");
    for (std::uint32_t number = 0; number + 1 < segments.size(); ++number) {
      MJ_CHECK(copy_sealed(number, segments[number]));
    }
    return copy_newest(static_cast<std::uint32_t>(segments.size() - 1), segments.back(), checkpoint.size, tree);
  }

  Status copy_sealed(std::uint32_t number, const SegmentSummary& segment) {
    const auto kept = SegmentBytes::open(to_, number);
    if (!kept && kept.error().code() != ErrorCode::not_found) return kept.error().context("the backup");
    if (kept) {
      MJ_TRY(const std::uint64_t bytes, kept->size());
      if (bytes == segment.bytes) return {};  // whole; what is in it is verified at the end
    }
    if (segment.form == SegmentForm::retired) {
      return copy_file_whole(from_.retired_segment(number), to_.retired_segment(number), false, copied());
    }
    MJ_TRY(const SegmentBytes source, SegmentBytes::open(from_, number));
    MJ_CHECK(copy_file_whole(source.path(),
                             source.compressed() ? to_.compressed_segment(number) : to_.segment(number), false,
                             copied()));
    // A shorter raw copy of when it was the newest, or the marker of when it was retired, counts no longer.
    if (source.compressed() && std::filesystem::exists(to_.segment(number))) {
      MJ_CHECK(remove_durably(to_.segment(number)));
    }
    if (std::filesystem::exists(to_.retired_segment(number)))
      MJ_CHECK(remove_durably(to_.retired_segment(number)));
    return {};
  }

  /// The segment that is the copy's newest is raw there, and ends with the last batch under the checkpoint.
  Status copy_newest(std::uint32_t number, const SegmentSummary& segment, std::uint64_t size,
                     const TreeFiles& tree) {
    MJ_TRY(const StoredSegment source, open_stored_segment(from_, number, {}));
    std::uint64_t end = source.header_bytes;
    if (size > segment.header.first_entry) {
      MJ_TRY(const std::vector<Location> places, tree.locations(size - 1, 1));
      Bytes entry(kEntryPrefixBytes + evidence_format::kMaxEntryBytes);
      MJ_TRY(const std::size_t got, source.bytes.read_at(places.front().offset, entry));
      BytesView rest = BytesView(entry).first(got);
      if (places.front().segment != number) {
        return Error(ErrorCode::damaged,
                     fmt::format("tree/offsets: entry {} is not in segment {:06}", size - 1, number));
      }
      const auto last = take_entry(rest, source.header.seed, size - 1);
      if (!last) return last.error().context(fmt::format("segment {:06}, entry {}", number, size - 1));
      end = places.front().offset + kEntryPrefixBytes + last->size();
    }
    MJ_CHECK(copy_whole([&](std::uint64_t at, std::span<std::byte> out) { return source.bytes.read_at(at, out); },
                        end, to_.segment(number), false, copied()));
    return {};
  }

  Status copy_tree(std::uint64_t held, std::uint64_t size) {
    for (const HashAlgorithm algorithm : evidence_format::kHashAlgorithms) {
      for (unsigned level = 0; level < kTileLevels; ++level) {
        if (level > 0 && stored_hashes(size, level) == 0) break;
        MJ_CHECK(extend_copy(from_.hashes(level, algorithm), stored_hashes(held, level) * sizeof(Digest),
                             stored_hashes(size, level) * sizeof(Digest), to_.hashes(level, algorithm), copied()));
      }
    }
    MJ_CHECK(extend_copy(from_.offsets(), held * 8, size * 8, to_.offsets(), copied()));
    return storage::sync_directory(to_.tree());
  }

  /// Encrypted keys; never the passphrase, with which the copy would open the log to its thief.
  Status copy_keys() {
    std::error_code failure;
    for (std::filesystem::directory_iterator entry(from_.keys(), failure), end; !failure && entry != end;
         entry.increment(failure)) {
      if (entry->path() == from_.passphrase() || entry->path().extension() != ".pem") continue;
      MJ_CHECK(copy_file_whole(entry->path(), to_.keys() / entry->path().filename(), true, {}));
    }
    if (!failure) return {};
    return Error(ErrorCode::unavailable,
                 fmt::format("cannot list {}: {}", from_.keys().string(), failure.message()));
  }

  Copied copied() {
    return [this](std::uint64_t bytes) {
      copied_ += bytes;
      if (progress_) progress_(copied_, std::max(copied_, all_));
    };
  }

  const Layout from_;
  const Layout to_;
  const Progress& progress_;
  std::uint64_t copied_ = 0;
  std::uint64_t all_ = 0;
};

/// True when one of two directories is the other one or lies in it.
bool entangled(const std::filesystem::path& a, const std::filesystem::path& b) {
  std::error_code failure;
  const auto x = std::filesystem::weakly_canonical(a, failure);
  const auto y = std::filesystem::weakly_canonical(b, failure);
  const auto [in_x, in_y] = std::mismatch(x.begin(), x.end(), y.begin(), y.end());
  return in_x == x.end() || in_y == y.end();
}

}  // namespace

Result<BackupReport> backup(const std::filesystem::path& directory, const std::filesystem::path& destination,
                            const Progress& progress) {
  if (entangled(directory, destination)) {
    return Error(ErrorCode::invalid_input, "a backup must lie outside the log that it is of");
  }
  auto report = Copy(Layout{directory}, Layout{destination}, progress).run();
  if (!report) return report.error().context("backup");
  return report;
}

Result<BackupReport> restore(const std::filesystem::path& backup, const std::filesystem::path& directory,
                             const Progress& progress) {
  if (entangled(backup, directory)) {
    return Error(ErrorCode::invalid_input, "a backup is restored to a place outside itself");
  }
  const std::filesystem::path unfinished = unfinished_mark(directory);
  std::error_code failure;
  const bool resumed = std::filesystem::exists(unfinished, failure);
  if (!resumed && std::filesystem::exists(directory, failure) && !std::filesystem::is_empty(directory, failure)) {
    return conflict(
        fmt::format("{} is not empty: a backup is restored only to where nothing is", directory.string()));
  }
  // A backup that cannot be verified is not begun with: what is restored would be trusted.
  if (const auto verified = verify(backup, progress); !verified) return verified.error().context("the backup");
  MJ_CHECK(make_directory(directory));
  MJ_CHECK(storage::replace_file(unfinished, ""));
  auto report = Copy(Layout{backup}, Layout{directory}, progress).run();
  if (!report) return report.error().context("restore");
  MJ_CHECK(remove_durably(unfinished));
  return report;
}

}  // namespace mj::evidence
