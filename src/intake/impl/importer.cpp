#include "mj/intake/importer.hpp"

#include "batch_writer.hpp"
#include "mj/dataset/import_entry.hpp"
#include "mj/dataset/reader.hpp"
#include "mj/evidence_format/merkle.hpp"
#include "mj/kernel/bytes.hpp"
#include "mj/kernel/text.hpp"
#include "plain_bytes.hpp"

namespace mj::intake {
namespace {

/// A header with its comments stands within this.
constexpr std::size_t kBeginning = 64U << 10;

std::string hex_of(std::string_view text) { return to_hex(evidence_format::sha256(as_bytes(text))); }

std::string base_name(std::string_view file) {
  const std::size_t slash = file.find_last_of("/\\");
  return std::string(slash == std::string_view::npos ? file : file.substr(slash + 1));
}

Result<registry::Author> checked(const registry::Author& author) {
  registry::Author good;
  MJ_TRY(good.name, clean_text(author.name, kMaxNameCharacters, "name: say who hands the file over;"));
  MJ_TRY(good.reason, clean_text(author.reason, kMaxReasonCharacters, "reason: say why;"));
  return good;
}

/// Counts what is in the file, as telemetry will read it; the stations that have values.
Result<std::set<std::string>> count(std::string_view plain, Receipt& receipt) {
  std::set<std::string> stations;
  std::string newest;  // rows of one station mostly stand together
  const auto note = [&](const dataset::Row& row) {
    if (row.station == newest) return;
    newest = row.station;
    stations.insert(newest);
  };
  MJ_TRY(dataset::Reader reader, dataset::Reader::make(*receipt.layout));
  const dataset::Tally tally = reader.read(plain, 1, note, [&receipt](const dataset::Fault& fault) {
    if (receipt.faults.size() < kMaxFaults)
      receipt.faults.push_back({fault.line, std::string(fault.column), fault.text});
  });
  receipt.rows = tally.rows;
  receipt.values = tally.values;
  receipt.unreadable = tally.faults;
  return stations;
}

}  // namespace

Importer::Importer(const dataset::Catalogue& catalogue, evidence::Log& log, registry::Book& book, FindKnown find,
                   runtime::Clock clock)
    : catalogue_(catalogue), log_(log), book_(book), find_(std::move(find)), clock_(std::move(clock)) {}

dataset::Recognition Importer::recognise(std::string_view file, std::string_view beginning) const {
  if (!is_zstd(beginning)) return catalogue_.recognise(file, beginning.substr(0, kBeginning));
  const auto plain = decompress(beginning, kBeginning, false);
  if (plain) return catalogue_.recognise(file, *plain);
  dataset::Recognition none;
  none.reason = plain.error().text();
  return none;
}

Result<Receipt> Importer::take(const Offer& offer, const std::function<void(const Progress&)>& progress) {
  Receipt receipt;
  receipt.dry_run = offer.dry_run;
  MJ_TRY(receipt.file, clean_text(base_name(offer.file), 255, "file: a name is needed;"));
  std::string unpacked;
  std::string_view plain = offer.bytes;
  if (is_zstd(offer.bytes)) {
    MJ_TRY(unpacked, decompress(offer.bytes, kMaxFileBytes, true));
    plain = unpacked;
  }
  if (plain.size() > kMaxFileBytes)
    return Error(ErrorCode::invalid_input, fmt::format("the file is larger than {} bytes", kMaxFileBytes));
  receipt.bytes = plain.size();
  receipt.sha256 = hex_of(plain);
  dataset::Recognition found = catalogue_.recognise(receipt.file, plain.substr(0, kBeginning), offer.statement);
  receipt.layout = std::move(found.layout);
  if (!receipt.layout || receipt.layout->kind == dataset::Kind::unfit) {
    receipt.refusal = found.reason;
    return receipt;
  }
  if (!found.unsaid.empty()) {
    receipt.refusal = fmt::format("the file does not say the {}: name it (--{})", fmt::join(found.unsaid, ", "),
                                  fmt::join(found.unsaid, ", --"));
    return receipt;
  }
  const std::lock_guard lock(mutex_);
  if (receipt.layout->kind == dataset::Kind::values)
    return take_values(offer, plain, std::move(receipt), progress);
  return take_directory(offer, plain, std::move(receipt));
}

Result<Receipt> Importer::take_values(const Offer& offer, std::string_view plain, Receipt receipt,
                                      const std::function<void(const Progress&)>& progress) {
  MJ_TRY(const std::set<std::string> stations, count(plain, receipt));
  if (receipt.values == 0) {
    receipt.refusal = receipt.faults.empty()
                          ? std::string("there is no value in it")
                          : fmt::format("nothing in it can be read: line {}: {}", receipt.faults.front().line,
                                        receipt.faults.front().text);
    return receipt;
  }
  for (std::size_t at = 0, line = 1; at < plain.size(); ++receipt.parts) {
    MJ_TRY(const dataset::Cut cut, dataset::cut_part(plain, at, line, receipt.layout->delimiter));
    at = cut.end;
    line = cut.next_line;
  }
  const std::string layout_sha256 = hex_of(dataset::to_json(*receipt.layout));
  std::optional<Known> known;
  MJ_TRY(const std::vector<Known> found, find_(receipt.sha256));
  for (const Known& each : found) {
    if (each.layout_sha256 == layout_sha256 && (!known || each.durable > known->durable)) known = each;
  }
  const auto written = written_.find(receipt.sha256 + layout_sha256);
  if (written != written_.end() && (!known || written->second.durable > known->durable)) known = written->second;
  if (known) receipt.entry = known->entry;
  receipt.already = known && known->durable == known->bytes;
  if (offer.dry_run) {
    MJ_CHECK(register_stations(offer, stations, receipt));
    return receipt;
  }
  MJ_TRY(const registry::Author author, checked(offer.author));
  MJ_CHECK(register_stations(offer, stations, receipt));
  if (receipt.already) return receipt;
  if (!known) {
    const dataset::FileManifest manifest{receipt.file,    plain.size(), receipt.sha256, receipt.layout->source,
                                         *receipt.layout, author.name,  author.reason};
    const std::string payload = dataset::encode(manifest);
    evidence_format::Entry entry;
    entry.type = evidence_format::EntryType::import;
    entry.received_at = clock_();
    entry.device = receipt.layout->source;
    entry.payload = as_bytes(payload);
    MJ_TRY(const evidence::EntryIndex index, log_.append_and_wait(entry));
    known = Known{index.raw(), layout_sha256, plain.size(), 0, 0, 1};
    receipt.entry = index.raw();
  }
  MJ_CHECK(write(*known, plain, receipt, progress));
  known->durable = known->bytes;
  written_[receipt.sha256 + layout_sha256] = *known;
  return receipt;
}

Status Importer::write(const Known& from, std::string_view plain, Receipt& receipt,
                       const std::function<void(const Progress&)>& progress) {
  BatchWriter writer(log_, [&](std::uint64_t durable) {
    if (progress) progress({durable, plain.size()});
  });
  std::uint32_t part = from.next_part;
  for (std::size_t at = from.durable, line = from.next_line; at < plain.size(); ++part) {
    MJ_TRY(const dataset::Cut cut, dataset::cut_part(plain, at, line, receipt.layout->delimiter));
    const std::string payload =
        dataset::encode(dataset::FilePart{from.entry, part, at, line, plain.substr(at, cut.end - at)});
    evidence_format::Entry entry;
    entry.type = evidence_format::EntryType::import;
    entry.received_at = clock_();
    entry.device = receipt.layout->source;
    entry.payload = as_bytes(payload);
    MJ_CHECK(writer.add(entry, cut.end));
    ++receipt.parts_written;
    at = cut.end;
    line = cut.next_line;
  }
  return writer.finish();
}

Result<std::vector<Fault>> faults_of(const evidence::Log& log, std::uint64_t manifest,
                                     const std::vector<std::uint64_t>& parts, std::size_t most) {
  std::vector<Fault> faults;
  MJ_TRY(const evidence::ReadBatch head, log.read(evidence::EntryIndex(manifest), 1, 1));
  if (head.entries.empty()) return Error(ErrorCode::not_found, "there is no such entry");
  MJ_TRY(dataset::FileManifest file, dataset::parse_manifest(as_text(head.entries.front().entry.payload)));
  MJ_TRY(dataset::Reader reader, dataset::Reader::make(std::move(file.layout)));
  for (const std::uint64_t entry : parts) {
    if (faults.size() >= most) break;
    MJ_TRY(const evidence::ReadBatch batch, log.read(evidence::EntryIndex(entry), 1, 1));
    if (batch.entries.empty()) break;
    const auto part = dataset::parse_part(as_text(batch.entries.front().entry.payload));
    if (!part || part->file != manifest) continue;
    reader.read(part->bytes, part->line, {}, [&](const dataset::Fault& fault) {
      if (faults.size() < most) faults.push_back({fault.line, std::string(fault.column), fault.text});
    });
  }
  return faults;
}

}  // namespace mj::intake
