#include "book_impl.hpp"
#include "day.hpp"
#include "figures.hpp"
#include "mj/outbox/outbox.hpp"
#include "statement_json.hpp"

namespace mj::custody {
namespace {

/// The device's number is UTF-8 without control characters: others have no chain and no statements.
bool can_be_stated(std::string_view device) {
  evidence_format::Entry entry;
  entry.device = device;
  return is_chained(entry);
}

}  // namespace

std::optional<Instant> CustodyBook::Impl::due(Instant now) const {
  // The newest day that ended so long ago.
  const Instant newest = day_of(now.plus_ms(-rules.grace_ms)).plus_ms(-kDayMs);
  if (!book.closed_day) {
    const Instant earliest = newest.plus_ms(-static_cast<std::int64_t>(rules.revise_days) * kDayMs);
    const Instant first = marks.first_day() ? std::max(*marks.first_day(), earliest) : newest;
    return first <= newest ? std::optional(first) : std::nullopt;
  }
  // A registered device without a statement of the newest closed day: registered since, or the book was lost while the
  // statements of that day were written.
  for (const registry::Point& point : network.points()) {
    if (!can_be_stated(point.device)) continue;
    const auto device = chains.find(point.device);
    if (!device || !chains.at(*device).stated.day || *chains.at(*device).stated.day < *book.closed_day)
      return book.closed_day;
  }
  const Instant next = book.closed_day->plus_ms(kDayMs);
  return next <= newest ? std::optional(next) : std::nullopt;
}

Result<std::optional<CustodyBook::Impl::Round>> CustodyBook::Impl::begin_round(evidence::Log& to_log,
                                                                               const telemetry::Store& store,
                                                                               Instant now) {
  const std::lock_guard lock(mutex);
  if (reload) MJ_CHECK(load());
  log = &to_log;
  // What an earlier process put into the outbox and did not relay is said first, and read before anything else is said.
  MJ_TRY(const outbox::Relayed left, relay(table->session(), to_log));
  if (left.appended + left.found > 0) said_until = to_log.size();
  if (book.position < said_until) return std::optional<Round>();
  const std::int64_t revised_ms = static_cast<std::int64_t>(rules.revise_days) * kDayMs;
  const std::optional<Instant> closing = due(now);
  if (!closing) {
    if (explained.empty() || !book.closed_day) return std::optional<Round>();
    Round round{std::nullopt, book.closed_day->plus_ms(kDayMs - revised_ms), book.closed_day->plus_ms(kDayMs), {}};
    round.devices.assign(explained.begin(), explained.end());
    return std::optional(std::move(round));
  }
  if (!required || required->day != *closing) required = Required{*closing, to_log.size()};
  if (book.position < required->size || store.position() < required->size) return std::optional<Round>();
  return std::optional(Round{closing, closing->plus_ms(-revised_ms), closing->plus_ms(kDayMs), {}});
}

Result<CustodyBook::Impl::Figures> CustodyBook::Impl::read_figures(const telemetry::Store& store,
                                                                   const Round& round,
                                                                   const SaidByDay& said) const {
  Figures figures;
  std::unordered_map<std::string, std::vector<Explanation>> reasons;
  std::unordered_map<std::string, DeviceNumber> numbers;
  {
    const std::lock_guard lock(mutex);
    reasons = explanations;
    for (DeviceNumber device = 0; device < chains.size(); ++device) numbers.emplace(chains.at(device).mn, device);
  }
  static const std::vector<Explanation> unexplained;
  const auto compare = [&](const std::string& device, DeviceNumber number, const telemetry::DeviceDay& day) {
    const auto of_day = said.find(day.day);
    if (of_day == said.end()) return;
    const auto before = of_day->second.find(number);
    if (before == of_day->second.end()) return;
    const auto why = reasons.find(device);
    DayStatement statement;
    statement.device = device;
    statement.day = day.day;
    put_figures(day, why == reasons.end() ? unexplained : why->second, rules.max_gaps, statement);
    if (figures_digest(statement) == before->second.figures) return;
    statement.revision = before->second.revision + 1;
    figures.revised.push_back(std::move(statement));
  };
  std::unordered_set<DeviceNumber> seen;
  const Status done =
      store.device_days(round.devices, round.from, round.to, [&](const telemetry::DeviceDays& days) -> Status {
        const auto number = numbers.find(days.device);
        if (number != numbers.end()) seen.insert(number->second);
        for (const telemetry::DeviceDay& day : days.days) {
          if (round.closing && day.day == *round.closing) {
            const auto why = reasons.find(days.device);
            put_figures(day, why == reasons.end() ? unexplained : why->second, rules.max_gaps,
                        figures.closing[days.device]);
          } else if (number != numbers.end()) {
            compare(days.device, number->second, day);
          }
        }
        return {};
      });
  MJ_CHECK(done);
  // Devices of which the store knows nothing on any of these days.
  for (const auto& [day, devices] : said) {
    if (round.closing && day == *round.closing) continue;
    for (const auto& [number, before] : devices) {
      if (seen.contains(number)) continue;
      std::string device;
      {
        const std::lock_guard lock(mutex);
        device = chains.at(number).mn;
      }
      const bool asked = round.devices.empty() ||
                         std::find(round.devices.begin(), round.devices.end(), device) != round.devices.end();
      if (asked) compare(device, number, telemetry::DeviceDay{day, {}, {}});
    }
  }
  return figures;
}

Result<std::vector<DayStatement>> CustodyBook::Impl::close(Instant day, Figures& figures) const {
  std::vector<DayStatement> statements;
  const DayEnd end = marks.find(day);
  std::unordered_set<std::string> done;
  const auto state = [&](const std::string& mn, bool registered) -> Status {
    if (!can_be_stated(mn) || !done.insert(mn).second) return {};
    const auto device = chains.find(mn);
    Stated before;
    before.at.chain = chain_start(mn);
    ChainState known = before.at;
    if (device) {
      before = chains.at(*device).stated;
      known = chains.at(*device).state;
    }
    if (before.day && *before.day >= day) return {};
    std::uint64_t to = book.position;
    if (!end.open) {
      to = end.mark != nullptr ? end.mark->entry : before.to;
      known = {0, chain_start(mn)};
      if (end.mark != nullptr && device && *device < end.mark->states.size()) known = end.mark->states[*device];
    }
    if (to <= before.to) {
      to = before.to;
      known = before.at;
    }
    if (known.entries < before.at.entries) {
      return Error(ErrorCode::damaged,
                   fmt::format("the newest statement of {} counts {} entries, the log has {} of it", mn,
                               before.at.entries, known.entries));
    }
    if (!registered && known.entries == before.at.entries) return {};
    DayStatement statement;
    if (const auto found = figures.closing.find(mn); found != figures.closing.end())
      statement = std::move(found->second);
    statement.device = mn;
    statement.day = day;
    statement.from = before.to;
    statement.to = to;
    statement.sequence = before.at.entries;
    statement.count = known.entries - before.at.entries;
    statement.chain_before = before.at.chain;
    statement.chain_after = known.chain;
    statements.push_back(std::move(statement));
    return {};
  };
  for (const registry::Point& point : network.points()) MJ_CHECK(state(point.device, true));
  for (DeviceNumber device = 0; device < chains.size(); ++device) MJ_CHECK(state(chains.at(device).mn, false));
  return statements;
}

Result<std::vector<DayStatement>> CustodyBook::Impl::revise(Figures& figures) {
  std::vector<DayStatement> statements;
  for (DayStatement& fresh : figures.revised) {
    const auto device = chains.find(fresh.device);
    if (!device) continue;
    MJ_TRY(const std::vector<DayStatement> before,
           read_statements(table->newest_on(*device, fresh.day, fresh.day.plus_ms(kDayMs))));
    if (before.empty() || before.front().revision + 1 != fresh.revision) continue;
    DayStatement statement = before.front();
    statement.revision = fresh.revision;
    statement.series = std::move(fresh.series);
    statement.gaps = std::move(fresh.gaps);
    statement.more_series = fresh.more_series;
    statement.more_gaps = fresh.more_gaps;
    statements.push_back(std::move(statement));
  }
  return statements;
}

Result<std::size_t> CustodyBook::Impl::say(evidence::Log& to_log, std::vector<DayStatement> statements,
                                           std::optional<Instant> closing, Instant now) {
  std::vector<std::string> payloads;
  std::vector<evidence_format::Entry> entries;
  payloads.reserve(statements.size());
  for (DayStatement& statement : statements) payloads.push_back(to_fitting_json(statement));
  for (std::size_t i = 0; i < statements.size(); ++i) {
    evidence_format::Entry& entry = entries.emplace_back();
    entry.type = evidence_format::EntryType::event;
    entry.received_at = now;
    entry.device = statements[i].device;
    entry.payload = as_bytes(payloads[i]);
  }
  soci::session& session = table->session();
  {
    soci::transaction transaction(session);
    MJ_CHECK(outbox::put(session, entries, to_log.size()));
    if (closing) table->set_closed_day(*closing);
    transaction.commit();
  }
  if (closing && (!book.closed_day || *closing > *book.closed_day)) {
    if (book.closed_day) marks.prune(*book.closed_day);
    book.closed_day = closing;
  }
  MJ_TRY(const outbox::Relayed relayed, relay(session, to_log));
  said_until = to_log.size();
  return relayed.appended + relayed.found;
}

Result<std::size_t> CustodyBook::close_days(evidence::Log& log, const telemetry::Store& store, Instant now) {
  Impl& impl = *impl_;
  try {
    MJ_TRY(const auto round, impl.begin_round(log, store, now));
    if (!round) return std::size_t{0};
    Impl::SaidByDay said;
    {
      const std::lock_guard lock(impl.mutex);
      MJ_CHECK(impl.commit_if_dirty());
      for (Instant day = round->from; day < round->to; day = day.plus_ms(kDayMs)) {
        if (auto devices = impl.table->said_on(day); !devices.empty()) said.emplace(day, std::move(devices));
      }
    }
    MJ_TRY(Impl::Figures figures, impl.read_figures(store, *round, said));
    const std::lock_guard lock(impl.mutex);
    std::vector<DayStatement> statements;
    if (round->closing) {
      MJ_TRY(statements, impl.close(*round->closing, figures));
    }
    MJ_TRY(std::vector<DayStatement> revised, impl.revise(figures));
    statements.insert(statements.end(), std::make_move_iterator(revised.begin()),
                      std::make_move_iterator(revised.end()));
    MJ_TRY(const std::size_t said_now, impl.say(log, std::move(statements), round->closing, now));
    impl.explained.clear();
    return said_now;
  } catch (const std::exception& failure) {
    return Error(ErrorCode::unavailable, fmt::format("the day cannot be closed: {}", failure.what()));
  }
}

}  // namespace mj::custody
