#include "book_table.hpp"

#include "mj/outbox/outbox.hpp"
#include "mj/storage/database.hpp"
#include "mj_custody_embedded.hpp"
#include "packing.hpp"
#include "statement_json.hpp"

namespace mj::custody {
namespace {

std::vector<storage::Migration> migrations() {
  std::vector<storage::Migration> result;
  for (const sql::File& file : sql::files())
    result.push_back(storage::migration("custody", file.name, file.bytes));
  result.push_back(outbox::migration("custody_outbox", 1));
  return result;
}

std::optional<Instant> day_from(long long ms, soci::indicator present) {
  return present == soci::i_ok ? std::optional(Instant::from_ms(ms)) : std::nullopt;
}

/// A nullable day as SOCI binds it.
struct DayColumn {
  long long ms = 0;
  soci::indicator present = soci::i_null;
  void set(const std::optional<Instant>& day) {
    ms = day ? day->ms() : 0;
    present = day ? soci::i_ok : soci::i_null;
  }
};

Error unreadable(std::string_view what) {
  return Error(
      ErrorCode::damaged,
      fmt::format("the book of custody holds {} that cannot be read; delete it, it is derived again", what));
}

}  // namespace

Result<std::unique_ptr<BookTable>> BookTable::open(const std::filesystem::path& file) {
  MJ_TRY(auto session, storage::open_sqlite(file, migrations()));
  return std::unique_ptr<BookTable>(new BookTable(std::move(session)));
}

Result<BookTable::Book> BookTable::load(DeviceChains& chains, DayMarks& marks,
                                        std::unordered_map<std::string, std::vector<Explanation>>& explanations) {
  chains = DeviceChains();
  explanations.clear();
  Book book;
  long long position = 0;
  DayColumn first, current, closed;
  *session_ << "SELECT position, first_day, current_day, closed_day FROM custody_book", soci::into(position),
      soci::into(first.ms, first.present), soci::into(current.ms, current.present),
      soci::into(closed.ms, closed.present);
  book.position = static_cast<std::uint64_t>(position);
  book.closed_day = day_from(closed.ms, closed.present);
  {
    long long id = 0, entries = 0, stated_to = 0, stated_entries = 0, number = 0;
    DayColumn stated_day;
    std::string mn, chain, stated_chain, before, packed;
    soci::indicator has_tail = soci::i_null, has_before = soci::i_null, has_packed = soci::i_null;
    // The block being filled is the one that holds the next sequence number; there is none when it is empty.
    soci::statement query =
        (session_->prepare
             << "SELECT d.id, d.mn, d.entries, d.chain, d.stated_day, d.stated_to, d.stated_entries, "
                "d.stated_chain, b.number, b.chain_before, b.entries FROM custody_device d LEFT JOIN "
                "custody_block b ON b.device = d.id AND b.number = d.entries / 256 ORDER BY d.id",
         soci::into(id), soci::into(mn), soci::into(entries), soci::into(chain),
         soci::into(stated_day.ms, stated_day.present), soci::into(stated_to), soci::into(stated_entries),
         soci::into(stated_chain), soci::into(number, has_tail), soci::into(before, has_before),
         soci::into(packed, has_packed));
    query.execute();
    while (query.fetch()) {
      DeviceChains::Device device;
      device.mn = mn;
      const auto chain_digest = unpack_digest(chain);
      const auto stated_digest = unpack_digest(stated_chain);
      if (std::cmp_not_equal(id, chains.size()) || !chain_digest || !stated_digest) return unreadable("a device");
      device.state = {static_cast<std::uint64_t>(entries), *chain_digest};
      device.stated = {day_from(stated_day.ms, stated_day.present),
                       static_cast<std::uint64_t>(stated_to),
                       {static_cast<std::uint64_t>(stated_entries), *stated_digest}};
      device.tail.number = device.state.entries / kBlockEntries;
      device.tail.chain_before = device.state.chain;
      if (has_tail == soci::i_ok) {
        const auto before_digest = unpack_digest(before);
        auto list = unpack_entries(packed);
        if (!before_digest || !list) return unreadable("a block");
        device.tail.chain_before = *before_digest;
        device.tail.entries = *std::move(list);
      }
      if (device.tail.number * kBlockEntries + device.tail.entries.size() != device.state.entries)
        return unreadable("a block");
      chains.load(std::move(device));
    }
  }
  std::map<Instant, Mark> loaded;
  {
    long long day = 0, entry = 0;
    std::string states;
    soci::statement query = (session_->prepare << "SELECT day, entry, states FROM custody_mark", soci::into(day),
                             soci::into(entry), soci::into(states));
    query.execute();
    while (query.fetch()) {
      auto list = unpack_states(states);
      if (!list) return unreadable("the end of a day");
      loaded.emplace(Instant::from_ms(day), Mark{static_cast<std::uint64_t>(entry), *std::move(list)});
    }
  }
  marks.load(day_from(first.ms, first.present), day_from(current.ms, current.present), std::move(loaded));
  {
    long long entry = 0, from = 0, to = 0;
    Explanation row;
    soci::statement query =
        (session_->prepare
             << "SELECT entry, device, from_ms, to_ms, name, reason FROM custody_explanation ORDER BY "
                "entry",
         soci::into(entry), soci::into(row.device), soci::into(from), soci::into(to), soci::into(row.name),
         soci::into(row.reason));
    query.execute();
    while (query.fetch()) {
      row.entry = static_cast<std::uint64_t>(entry);
      row.from = Instant::from_ms(from);
      row.to = Instant::from_ms(to);
      explanations[row.device].push_back(row);
    }
  }
  return book;
}

void BookTable::commit(const Changes& changes) {
  soci::transaction transaction(*session_);
  put_devices(changes.chains);
  put_marks(changes.marks);
  put_statements(changes.statements);
  put_explanations(changes.explanations);
  const auto position = static_cast<long long>(changes.book.position);
  DayColumn first, current, closed;
  first.set(changes.marks.first_day());
  current.set(changes.marks.current_day());
  closed.set(changes.book.closed_day);
  *session_ << "UPDATE custody_book SET position = :p, first_day = :f, current_day = :c, closed_day = :d",
      soci::use(position), soci::use(first.ms, first.present), soci::use(current.ms, current.present),
      soci::use(closed.ms, closed.present);
  transaction.commit();
}

void BookTable::set_closed_day(Instant day) {
  const long long ms = day.ms();
  *session_ << "UPDATE custody_book SET closed_day = :d", soci::use(ms);
}

void BookTable::put_devices(const DeviceChains& chains) {
  long long id = 0, entries = 0, stated_to = 0, stated_entries = 0;
  DayColumn stated_day;
  std::string mn, chain, stated_chain;
  soci::statement device =
      (session_->prepare << "INSERT OR REPLACE INTO custody_device(id, mn, entries, chain, stated_day, stated_to, "
                            "stated_entries, stated_chain) VALUES(:i, :m, :e, :c, :sd, :st, :se, :sc)",
       soci::use(id), soci::use(mn), soci::use(entries), soci::use(chain),
       soci::use(stated_day.ms, stated_day.present), soci::use(stated_to), soci::use(stated_entries),
       soci::use(stated_chain));
  long long number = 0, first = 0, last = 0;
  std::string before, packed;
  soci::statement block =
      (session_->prepare << "INSERT OR REPLACE INTO custody_block(device, number, first_entry, last_entry, "
                            "chain_before, entries) VALUES(:i, :n, :f, :l, :c, :e)",
       soci::use(id), soci::use(number), soci::use(first), soci::use(last), soci::use(before), soci::use(packed));
  const auto put_block = [&](const Block& each) {
    if (each.entries.empty()) return;
    id = each.device;
    number = static_cast<long long>(each.number);
    first = static_cast<long long>(each.entries.front());
    last = static_cast<long long>(each.entries.back());
    before = to_base64(each.chain_before);
    packed = pack_entries(each.entries);
    block.execute(true);
  };
  for (const Block& full : chains.full()) put_block(full);
  for (const DeviceNumber changed : chains.dirty()) {
    const DeviceChains::Device& each = chains.at(changed);
    put_block(each.tail);
    id = changed;
    mn = each.mn;
    entries = static_cast<long long>(each.state.entries);
    chain = to_base64(each.state.chain);
    stated_day.set(each.stated.day);
    stated_to = static_cast<long long>(each.stated.to);
    stated_entries = static_cast<long long>(each.stated.at.entries);
    stated_chain = to_base64(each.stated.at.chain);
    device.execute(true);
  }
}

void BookTable::put_marks(const DayMarks& marks) {
  for (const Instant changed : marks.changed()) {
    const long long day = changed.ms();
    const auto mark = marks.marks().find(changed);
    if (mark == marks.marks().end()) {
      *session_ << "DELETE FROM custody_mark WHERE day = :d", soci::use(day);
      continue;
    }
    const auto entry = static_cast<long long>(mark->second.entry);
    const std::string states = pack_states(mark->second.states);
    *session_ << "INSERT OR REPLACE INTO custody_mark(day, entry, states) VALUES(:d, :e, :s)", soci::use(day),
        soci::use(entry), soci::use(states);
  }
}

void BookTable::put_statements(const std::vector<std::pair<DeviceNumber, StatementRow>>& statements) {
  if (statements.empty()) return;
  long long entry = 0, device = 0, day = 0, revision = 0, from = 0, to = 0;
  std::string figures, payload;
  soci::statement insert =
      (session_->prepare << "INSERT OR REPLACE INTO custody_statement(entry, device, day, revision, from_entry, "
                            "to_entry, figures, payload) VALUES(:e, :d, :y, :r, :f, :t, :g, :p)",
       soci::use(entry), soci::use(device), soci::use(day), soci::use(revision), soci::use(from), soci::use(to),
       soci::use(figures), soci::use(payload));
  for (const auto& [number, row] : statements) {
    entry = static_cast<long long>(row.statement.entry);
    device = number;
    day = row.statement.day.ms();
    revision = row.statement.revision;
    from = static_cast<long long>(row.statement.from);
    to = static_cast<long long>(row.statement.to);
    figures = figures_digest(row.statement);
    payload = row.payload;
    insert.execute(true);
  }
}

void BookTable::put_explanations(const std::vector<Explanation>& explanations) {
  for (const Explanation& each : explanations) {
    const auto entry = static_cast<long long>(each.entry);
    const long long from = each.from.ms();
    const long long to = each.to.ms();
    *session_ << "INSERT OR REPLACE INTO custody_explanation(entry, device, from_ms, to_ms, name, reason) "
                 "VALUES(:e, :d, :f, :t, :n, :r)",
        soci::use(entry), soci::use(each.device), soci::use(from), soci::use(to), soci::use(each.name),
        soci::use(each.reason);
  }
}

}  // namespace mj::custody
