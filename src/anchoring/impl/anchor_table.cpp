#include "anchor_table.hpp"

#include "anchor_event.hpp"
#include "mj/evidence_format/hash.hpp"
#include "mj/storage/database.hpp"
#include "mj_anchoring_embedded.hpp"

namespace mj::anchoring {
namespace {

/// Everything that a judgement depends on.
std::string policy_text(const Options& options) {
  std::string text = fmt::format("quorum {}\n", options.quorum);
  for (const auto& witness : options.witnesses) text += witness.key.text() + "\n";
  return text + options.timestamp_trusted_pem;
}

}  // namespace

JudgedAnchor judge(Anchor anchor, const Options& options) {
  JudgedAnchor judged;
  const auto note = evidence_format::Note::parse(anchor.note);
  if (note) {
    if (!anchor.timestamp.empty() && !options.timestamp_trusted_pem.empty()) {
      const auto stamp = evidence_format::check_timestamp(
          anchor.timestamp, evidence_format::sha256(as_bytes(note->text)), options.timestamp_trusted_pem);
      if (stamp) judged.stamped_at = stamp->at;
    }
    const auto seen = evidence_format::witnessed(*note, options.policy());
    judged.counts = options.quorum > 0 ? seen && seen->enough : judged.stamped_at.has_value();
  }
  judged.anchor = std::move(anchor);
  return judged;
}

AnchorTable::AnchorTable(std::unique_ptr<soci::session> session, const Options& options)
    : session_(std::move(session)), options_(options), policy_(policy_text(options)) {}

Result<std::unique_ptr<AnchorTable>> AnchorTable::open(const std::filesystem::path& file, const Options& options) {
  std::vector<storage::Migration> migrations;
  for (const sql::File& each : sql::files()) {
    migrations.push_back(storage::migration("anchoring", each.name, each.bytes));
  }
  MJ_TRY(auto session, storage::open_sqlite(file, migrations));
  std::unique_ptr<AnchorTable> table(new AnchorTable(std::move(session), options));
  try {
    table->judge_anew();
  } catch (const std::exception& failure) {
    return Error(ErrorCode::unavailable, fmt::format("{}: {}", file.string(), failure.what()));
  }
  return table;
}

void AnchorTable::judge_anew() {
  std::string judged_by;
  *session_ << "SELECT coalesce(max(policy), '') FROM anchoring_book", soci::into(judged_by);
  if (judged_by.empty() || judged_by == policy_) return;
  const std::uint64_t at = position(), rest = others();
  const std::vector<Anchor> all = select("");
  soci::transaction transaction(*session_);
  for (const Anchor& anchor : all) write(judge(anchor, options_));
  write_book(at, rest);
  transaction.commit();
}

std::uint64_t AnchorTable::position() {
  long long position = 0;
  *session_ << "SELECT coalesce(max(position), 0) FROM anchoring_book", soci::into(position);
  return static_cast<std::uint64_t>(position);
}

std::uint64_t AnchorTable::others() {
  long long others = 0;
  *session_ << "SELECT coalesce(max(others), 0) FROM anchoring_book", soci::into(others);
  return static_cast<std::uint64_t>(others);
}

void AnchorTable::write(const JudgedAnchor& judged) {
  const Anchor& anchor = judged.anchor;
  const auto entry = static_cast<long long>(anchor.entry);
  const auto size = static_cast<long long>(anchor.size);
  const long long at = anchor.at.ms();
  const std::string stamp = to_base64(anchor.timestamp);
  const int counts = judged.counts ? 1 : 0;
  const long long stamped_at = judged.stamped_at.value_or(Instant()).ms();
  soci::indicator stamped = judged.stamped_at ? soci::i_ok : soci::i_null;
  *session_ << "INSERT OR REPLACE INTO anchoring_anchor(entry, at, size, note, stamp, counts, stamped_at) "
               "VALUES(:e, :a, :s, :n, :t, :c, :w)",
      soci::use(entry), soci::use(at), soci::use(size), soci::use(anchor.note), soci::use(stamp),
      soci::use(counts), soci::use(stamped_at, stamped);
}

void AnchorTable::write_book(std::uint64_t position, std::uint64_t others) {
  const auto at = static_cast<long long>(position);
  const auto rest = static_cast<long long>(others);
  *session_ << "INSERT OR REPLACE INTO anchoring_book(only_row, position, others, policy) VALUES(1, :p, :o, :t)",
      soci::use(at), soci::use(rest), soci::use(policy_);
}

void AnchorTable::commit(const std::vector<JudgedAnchor>& anchors, const std::vector<Alert>& alerts,
                         std::uint64_t position, std::uint64_t others) {
  soci::transaction transaction(*session_);
  for (const JudgedAnchor& anchor : anchors) write(anchor);
  for (const Alert& alert : alerts) {
    const auto entry = static_cast<long long>(alert.entry);
    const long long at = alert.at.ms();
    const std::string kind(name(alert.kind));
    *session_
        << "INSERT OR REPLACE INTO anchoring_alert(entry, at, kind, subject, text) VALUES(:e, :a, :k, :s, :t)",
        soci::use(entry), soci::use(at), soci::use(kind), soci::use(alert.subject), soci::use(alert.text);
  }
  write_book(position, others);
  transaction.commit();
}

void AnchorTable::begin_anew() {
  soci::transaction transaction(*session_);
  *session_ << "DELETE FROM anchoring_anchor";
  *session_ << "DELETE FROM anchoring_alert";
  *session_ << "DELETE FROM anchoring_book";
  transaction.commit();
}

std::vector<Anchor> AnchorTable::select(const std::string& condition) {
  long long entry = 0, at = 0, size = 0;
  std::string note, stamp;
  soci::statement query =
      (session_->prepare << "SELECT entry, at, size, note, stamp FROM anchoring_anchor " + condition,
       soci::into(entry), soci::into(at), soci::into(size), soci::into(note), soci::into(stamp));
  query.execute();
  std::vector<Anchor> found;
  while (query.fetch()) {
    found.push_back({static_cast<std::uint64_t>(size), note, from_base64(stamp).value_or(Bytes()),
                     Instant::from_ms(at), static_cast<std::uint64_t>(entry)});
  }
  return found;
}

std::vector<Anchor> AnchorTable::newest(std::size_t limit, bool counting_only) {
  return select(fmt::format("{} ORDER BY entry DESC LIMIT {}", counting_only ? "WHERE counts = 1" : "", limit));
}

std::optional<Anchor> AnchorTable::first_covering(std::uint64_t entry) {
  auto found = select(fmt::format("WHERE counts = 1 AND size > {} ORDER BY size, entry LIMIT 1", entry));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::optional<Instant> AnchorTable::stamped_at() {
  long long newest = -1;
  *session_ << "SELECT coalesce(max(stamped_at), -1) FROM anchoring_anchor", soci::into(newest);
  if (newest < 0) return std::nullopt;
  return Instant::from_ms(newest);
}

std::vector<Alert> AnchorTable::alerts(std::size_t limit) {
  long long entry = 0, at = 0;
  std::string kind, subject, text;
  soci::statement query =
      (session_->prepare << fmt::format(
           "SELECT entry, at, kind, subject, text FROM anchoring_alert ORDER BY entry DESC LIMIT {}", limit),
       soci::into(entry), soci::into(at), soci::into(kind), soci::into(subject), soci::into(text));
  query.execute();
  std::vector<Alert> found;
  while (query.fetch()) {
    found.push_back({parse_alert_kind(kind).value_or(Alert::Kind::damage), subject, text, Instant::from_ms(at),
                     static_cast<std::uint64_t>(entry)});
  }
  return found;
}

}  // namespace mj::anchoring
