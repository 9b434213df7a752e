"""Every figure of the portal once more, from raw rows, in plain Python.

Written from the office's rules, not from the code that it checks. Where the rules leave room they
are read as follows.

- Which state, override, plan, target or count holds on day D? Greatest (valid_from, id) up to D.
- Does a project exist on D? When a state holds on D.
- When has a project ended? From the day on which closed or terminated holds; planned end does not
  count.
- Is a figure carried to a month that ends on the day its project ends? Yes, to none after it.
- And the closing month's own figure? Counted, it is measured and not carried.
- Whose provenance decides? The entry's for figures; the project's for projects.
- Which period is a total of? The newest month ended by D, also where nobody has reported it yet.
- Is an average payment shown? Where both parts are known of some month and project, not
  necessarily the same.
- Average payment of a year? Months of projects that have both parts, divided once.
- Whose targets ask for business figures? Those of every project that is no demonstration; a
  published one may get the office's targets.
- Who is missing from a total? Projects of that provenance and batch, not ended before the month's
  end (of a year: of its January), with such a target on D and without a figure in it; of an
  average, those with only one part.
- Which months has a trend? From the first with a figure to the newest ended by D, at most twelve;
  none of a single month, none of published figures.
- Start of a target without one of its own? Start of the work, else the planned start, else the
  first day of the project.
- Which months belong to a flow's sum? Those that end on or after the start.
- On which day is a figure held against its plan? On the end of its own period.
- How far is the plan on day d of a stage? First stage: both ends count (184 days of July to
  December, 92 of them until 30 September); later ones: days since the last due date.
- A figure before the start of its target? Not judged, nothing was planned yet.
- A ratio whose target lies below its base? Judged by its 完成率 as a falling target, without a plan
  line.
- A start after the first due date? The due date is the start.
- A day on which no change was planned? Judged as a target to be held.
- Nothing to judge by: no milestone, target, or report owed? Grey, as a green light would claim
  something.
- Which report is owed? Of the newest month whose due day has passed and which ended on or after
  the start of the work.
- Who owes reports and figures? Projects that run, are on trial or have landed, and whose work has
  a first day.
- A month in which the project paused from the first day to the last: Nothing is owed of it.
- When is a month reported? When by the end of D something of it was handed in, also if it was
  sent back since.
- Missed in a row? Owed month and those right before it, back to the start of the work.
- Published figures: Arrived with the end of their period, never carried nor missing; added only
  where all projects' newest are numbers of one date, else listed one by one.
- 未报 of an indicator: No figure (a number, no forecast) of exactly the owed month that was handed
  in by the end of D and not sent back since; targets that begin after that month are not asked
  for. It replaces the judgement of older figures.
- Is a figure approved after D used? Yes as value (all that is known now), no as having arrived.
- Override of a project that is paused? Shown as set, until it is taken back; of one that is over?
  It ended with the project.
- Which milestone is next? The open one that is due first, late or not.
- Reached a step of the funnel: The merchant got at least so far by D, steps that may be left out
  included; also if it left later.
- Day on which a pause is ended: The merchant is no longer paused on it.
- Merchant of several projects: Counts once, where it got furthest among those looked at (one that
  goes on before one that stopped), else in the project responsible for it, else in the
  oldest project and scenario.
- Whose figures does a target sum? Those of the provenance of the newest one.
- Headline of a published batch: its stated numbers and states, also where the portal knows more.
- Proposals received: Those that had got a number by the end of D, withdrawn ones included.
"""
