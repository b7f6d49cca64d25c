#include <thread>

#include "compressed_writer.hpp"
#include "maintenance_growth.hpp"
#include "maintenance_lock.hpp"
#include "mj/evidence_format/note.hpp"
#include "scrub.hpp"

namespace mj::evidence {
namespace {

using evidence_format::Checkpoint;

/// The newest signed checkpoint, for how far it reaches; its signatures are verification's to check.
Result<Checkpoint> stated_checkpoint(const Layout& layout) {
  auto text = storage::read_file(layout.checkpoint());
  if (!text && text.error().code() == ErrorCode::not_found) {
    return Error(ErrorCode::not_found, fmt::format("{} holds no evidence log", layout.root.string()));
  }
  if (!text) return text.error();
  MJ_TRY(const evidence_format::Note note, evidence_format::Note::parse(*text));
  return Checkpoint::parse(note.text);
}

}  // namespace

Result<MaintenanceState> measure(const std::filesystem::path& directory, Instant now) {
  const Layout layout{directory};
  MJ_TRY(const Checkpoint checkpoint, stated_checkpoint(layout));
  std::vector<SegmentFacts> facts;
  MJ_CHECK(refresh_facts(layout, facts));
  MaintenanceState state;
  fill_growth(layout, facts, checkpoint.size, now, state);
  return state;
}

Result<CompressionReport> compress(const std::filesystem::path& directory, int level, const Progress& progress) {
  const Layout layout{directory};
  MJ_TRY(const Checkpoint checkpoint, stated_checkpoint(layout));
  std::vector<SegmentFacts> facts;
  MJ_CHECK(refresh_facts(layout, facts));
  std::uint64_t all = 0;
  std::vector<std::uint32_t> due;
  for (std::uint32_t number = 0; number + 1 < facts.size(); ++number) {
    if (!may_be_compressed(facts, number, checkpoint.size)) continue;
    due.push_back(number);
    all += 2 * facts[number].bytes;  // written once, compared once
  }
  CompressionReport report;
  std::uint64_t done = 0;
  for (const std::uint32_t number : due) {
    MJ_TRY(const storage::File lock, lock_segment_files(layout));
    MJ_TRY(const Compressed made, compress_segment(layout, number, level, [&](std::uint64_t bytes) -> Status {
             done += bytes;
             if (progress) progress(std::min(done, all), all);
             return {};
           }));
    ++report.segments;
    report.raw_bytes += made.raw_bytes;
    report.stored_bytes += made.stored_bytes;
  }
  return report;
}

Result<ScrubReport> scrub(const std::filesystem::path& directory, std::uint64_t bytes_per_s,
                          const Progress& progress) {
  const Layout layout{directory};
  MJ_TRY(const Checkpoint checkpoint, stated_checkpoint(layout));
  MJ_TRY(const TreeFiles tree, TreeFiles::open(layout, storage::File::Mode::read));
  std::vector<SegmentFacts> facts;
  // A segment that cannot even be opened is named below, where it is its turn.
  if (Status known = refresh_facts(layout, facts); !known && facts.empty()) return known.error();
  std::uint64_t all = 0;
  for (const SegmentFacts& segment : facts) all += segment.form == SegmentForm::retired ? 0 : segment.bytes;
  ScrubReport report;
  RateLimit limit(bytes_per_s);
  std::uint64_t done = 0;
  const auto pace = [&](std::uint64_t bytes) -> Status {
    done += bytes;
    if (progress) progress(std::min(done, all), all);
    std::this_thread::sleep_for(std::chrono::milliseconds(limit.wait_ms(bytes, runtime::steady_ms())));
    return {};
  };
  for (std::uint32_t number = 0; number < facts.size(); ++number) {
    const auto scrubbed = scrub_segment(layout, number, number + 1 == facts.size(), tree, checkpoint, pace);
    ++report.segments;
    if (scrubbed) {
      report.bytes += *scrubbed;
    } else if (scrubbed.error().code() == ErrorCode::damaged) {
      report.damage.push_back(scrubbed.error().text());
    } else {
      return scrubbed.error();
    }
  }
  return report;
}

}  // namespace mj::evidence
