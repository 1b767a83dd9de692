// Made from the running code; remake it with: python -m server.contract write
//
//   import { io, Socket } from "socket.io-client";
//   const socket: Socket<ServerToClient, ClientToServer> = io({ auth: credentials satisfies Credentials });

/** Which post. */
export type AcceptAnswer = { "thread_id": string; "post_id": string };

/** Which call. */
export type AcceptCall = { "session_id": string };

/** Which conversation. */
export type AcceptRequest = { "thread_id": string };

/** Which version. */
export type AcceptSeries = { "swap_id": string; "version": number };

/** Something happened to your account: if it was not you, end that session and change your password. */
export type AccountActivity = { "activity": ActivityView };

/** Something happened to your account: if it was not you, end that session and change your password. */
export type AccountActivityEnvelope = { "id": string; "type": "account:activity"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": AccountActivity; "seq": number; "epoch": string };

/** You earned a badge, or staff gave it to you; told once for each badge. */
export type AchievementAwarded = { "user_id": string; "achievement": AchievementView };

/** You earned a badge, or staff gave it to you; told once for each badge. */
export type AchievementAwardedEnvelope = { "id": string; "type": "achievement:awarded"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": AchievementAwarded; "seq": number; "epoch": string };

/** A badge, what it is for, and how far you are. */
export type AchievementView = { "badge": string; "name": string; "criteria": string; "progress": number; "goal": number; "awarded_at": string | null };

/** All badges there are, and what you did until now. */
export type AchievementsView = { "items": Array<AchievementView>; "points": number; "streak_weeks": number };

/** Which warning. */
export type Acknowledge = { "statement_id": string };

/** What is done to a swap: by its people, then by staff, then by the server. */
export type Action = "request" | "accept" | "reject" | "cancel" | "reschedule" | "counter" | "confirm" | "did_not_happen" | "no_show" | "dispute" | "decide" | "expire" | "complete" | "close" | "leave";

/** When somebody was last here, roughly. */
export type Active = "today" | "this_week" | "this_month" | "longer_ago";

/** Something that happened to an account, by which device and from where. */
export type ActivityView = { "id": string; "what": What; "session_id": string; "device": string; "ip_address": string; "at": string };

/** Whom. */
export type AddBlock = { "user_id": string };

/** Whom. */
export type AddFavourite = { "user_id": string };

/** Whom to add. */
export type AddPeople = { "thread_id": string; "participants": Array<string> };

/** Whom of the lobby. */
export type AdmitPeer = { "session_id": string; "peer_id": string };

/** You may come in from the lobby: send `call:ready` again. */
export type Admitted = { "session_id": string; "peer_id": string };

/** You may come in from the lobby: send `call:ready` again. */
export type AdmittedEnvelope = { "id": string; "type": "call:admitted"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": Admitted };

/** Something that one of the two wants to get out of a swap; or with a link or a file, shares for it. */
export type AgendaItemView = { "id": string; "by": string; "text": string; "link": string | null; "upload": string | null; "url": string | null; "edited_by": string | null; "done_by": string | null; "createdAt": string };

/** Something was put into a swap's agenda, worded otherwise, ticked off or taken out. As it is now. */
export type AgendaUpdated = { "agenda": AgendaView; "by": string };

/** Something was put into a swap's agenda, worded otherwise, ticked off or taken out. As it is now. */
export type AgendaUpdatedEnvelope = { "id": string; "type": "agenda:updated"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": AgendaUpdated; "seq": number; "epoch": string };

/** The agenda of a swap. Of two copies keep the one with the higher version. */
export type AgendaView = { "swap_id": string; "items": Array<AgendaItemView>; "version": number; "updatedAt": string };

/** What has come of ringing somebody. */
export type Answer = "ringing" | "accepted" | "rejected" | "busy" | "missed" | "cancelled";

export type AppealState = "open" | "upheld" | "reversed";

/** Against what, and why it is wrong. */
export type AppealStatement = { "statement_id": string; "words": string };

/** What you said to it, and what another member of staff decided. */
export type AppealView = { "words": string; "createdAt": string; "state": AppealState; "reason": string; "decided_at": string | null };

/** Which one. */
export type ArchiveGig = { "gig_id": string };

/** Which conversation. */
export type ArchiveThread = { "thread_id": string };

/** Who was in the calls of a swap. Who met elsewhere was in none: it says who came, and not who did not. */
export type AttendanceView = { "swap_id": string; "scheduled_time": string; "calls": number; "people": Array<handlers__views__swaps__PresenceView>; "together_seconds": number; "hint": Hint };

/** The access token of this connection expires soon: send auth:refresh. */
export type AuthExpiring = { "expires_at": string };

/** Who wrote something, as everybody sees them: nothing to reach them by. "Deleted user" once they left. */
export type AuthorView = { "id": string; "name": string; "profile_picture": ImageView | null };

/** You said anew when you want to meet; your other devices hear it. */
export type AvailabilityUpdated = { "availability": AvailabilityView };

/** You said anew when you want to meet; your other devices hear it. */
export type AvailabilityUpdatedEnvelope = { "id": string; "type": "availability:updated"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": AvailabilityUpdated; "seq": number; "epoch": string };

/** When somebody wants to meet; what holds on a day of `overrides` holds instead of the week. */
export type AvailabilityView = { "is_set": boolean; "time_zone": string; "weekly": WeeklyHours_Output; "overrides": Array<OtherDay>; "buffer_before_minutes": number; "buffer_after_minutes": number; "notice_minutes": number; "ahead_days": number; "slot_minutes": number; "step_minutes": number; "version": number };

/** What waits. */
export type BacklogView = { "outbox_lag_seconds": number; "job_lag_seconds": Record<string, number>; "jobs": Record<string, number> };

/** What was verified of somebody. */
export type Badge = "email" | "phone";

/** How much you have not read. `version` grows with each change: keep the highest. */
export type BadgeChanged = { "user_id": string; "unread": number; "version": number };

/** How much you have not read. `version` grows with each change: keep the highest. */
export type BadgeChangedEnvelope = { "id": string; "type": "badge:changed"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": BadgeChanged; "seq": number; "epoch": string };

/** How much a person has not read. */
export type BadgeView = { "unread": number };

/** You blocked somebody, perhaps on another device: show nothing of them any more. */
export type BlockAdded = { "block": BlockView };

/** You blocked somebody, perhaps on another device: show nothing of them any more. */
export type BlockAddedEnvelope = { "id": string; "type": "block:added"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": BlockAdded; "seq": number; "epoch": string };

/** You let somebody back in, perhaps on another device. */
export type BlockRemoved = { "user_id": string };

/** You let somebody back in, perhaps on another device. */
export type BlockRemovedEnvelope = { "id": string; "type": "block:removed"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": BlockRemoved; "seq": number; "epoch": string };

/** Somebody whom you blocked. */
export type BlockView = { "person": PersonCardView; "since": string };

/** Which one to keep. */
export type BookmarkGig = { "gig_id": string };

/** The same time by the clock on somebody's wall, with its offset. */
export type ByTheClockView = { "start": string; "end": string };

/** Your calendar was connected, disconnected, or has to be connected anew. */
export type CalendarChanged = { "calendar": CalendarView };

/** Your calendar was connected, disconnected, or has to be connected anew. */
export type CalendarChangedEnvelope = { "id": string; "type": "calendar:changed"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": CalendarChanged; "seq": number; "epoch": string };

/** One of the two deleted a swap in their calendar: then it is cancelled, unless they put it back until then. */
export type CalendarDeleted = { "swap_id": string; "user_id": string; "cancels_at": string; "lesson": number | null };

/** One of the two deleted a swap in their calendar: then it is cancelled, unless they put it back until then. */
export type CalendarDeletedEnvelope = { "id": string; "type": "calendar:deleted"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": CalendarDeleted; "seq": number; "epoch": string };

/** They put it back, or want nothing of calendars any more: the swap stays. */
export type CalendarRestored = { "swap_id": string; "user_id": string; "lesson": number | null };

/** They put it back, or want nothing of calendars any more: the swap stays. */
export type CalendarRestoredEnvelope = { "id": string; "type": "calendar:restored"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": CalendarRestored; "seq": number; "epoch": string };

/** How far a swap has come into your calendar; nobody else is told. */
export type CalendarSyncView = { "swap_id": string; "state": SyncState; "written_version": number | null; "updated_at": string | null };

/** A swap came further into your calendar, or could not. */
export type CalendarSynced = { "sync": CalendarSyncView };

/** A swap came further into your calendar, or could not. */
export type CalendarSyncedEnvelope = { "id": string; "type": "calendar:synced"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": CalendarSynced; "seq": number; "epoch": string };

/** Whether swaps can be written into your Google calendar. */
export type CalendarView = { "condition": Condition | null; "connected_at": string | null };

/** Somebody called. Ring while your own entry of `rings` is `ringing` and its `until` has not come. */
export type CallCreated = { "call": CallView };

/** Somebody called. Ring while your own entry of `rings` is `ringing` and its `until` has not come. */
export type CallCreatedEnvelope = { "id": string; "type": "call:created"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": CallCreated; "seq": number; "epoch": string };

/** A call is over; `end_reason` says why. */
export type CallEnded = { "call": CallView };

/** A call is over; `end_reason` says why. */
export type CallEndedEnvelope = { "id": string; "type": "call:ended"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": CallEnded; "seq": number; "epoch": string };

/** Somebody did not answer. Told once, to them and to who called; never for what another device answered. */
export type CallMissed = { "session_id": string; "user_id": string; "caller_id": string; "at": string };

/** Somebody did not answer. Told once, to them and to who called; never for what another device answered. */
export type CallMissedEnvelope = { "id": string; "type": "call:missed"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": CallMissed; "seq": number; "epoch": string };

/** A peer reacts. */
export type CallReacted = { "session_id": string; "peer_id": string; "emoji": string };

/** A peer reacts. */
export type CallReactedEnvelope = { "id": string; "type": "call:reacted"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": CallReacted };

/** The seat of this connection is gone: the same person joined anew, resumed or left by another. Close everything. Nothing to do for whose `connection_id`, as `hello` told it, is another one. */
export type CallReplaced = { "session_id": string; "peer_id": string; "connection_id": string };

/** The seat of this connection is gone: the same person joined anew, resumed or left by another. Close everything. Nothing to do for whose `connection_id`, as `hello` told it, is another one. */
export type CallReplacedEnvelope = { "id": string; "type": "call:replaced"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": CallReplaced };

export type CallStatus = "open" | "ringing" | "live" | "ended";

/** When it was made and last changed, when there were two in it, and when it was over. */
export type CallTimesView = { "created": string; "updated": string; "started": string | null; "ended": string | null };

/** A call has begun, or somebody was rung, answered, or cannot be reached: perhaps you, on another device. */
export type CallUpdated = { "call": CallView };

/** A call has begun, or somebody was rung, answered, or cannot be reached: perhaps you, on another device. */
export type CallUpdatedEnvelope = { "id": string; "type": "call:updated"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": CallUpdated; "seq": number; "epoch": string };

/** A call. Of two copies the one with the higher `version` is the later. */
export type CallView = { "session_id": string; "thread_id": string | null; "swap": string | null; "participants": Array<string>; "host": string; "status": CallStatus; "token_details": TokenView | null; "session_duration": number | null; "timestamps": CallTimesView; "rings": Array<RingView>; "attendance": Array<SpanView>; "recording": RecordingView; "helper": string | null; "lobby": boolean; "opens_at": string | null; "closes_at": string; "end_reason": EndReason | null; "version": number };

/** Which call. */
export type CancelCall = { "session_id": string };

/** Which one. */
export type CancelLesson = { "swap_id": string; "number": number };

/** An ICE candidate, as `RTCIceCandidate.toJSON()` gives it. */
export type Candidate_Input = { "candidate": string; "sdpMid"?: string | null; "sdpMLineIndex"?: number | null; "usernameFragment"?: string | null };

/** An ICE candidate, as `RTCIceCandidate.toJSON()` gives it. */
export type Candidate_Output = { "candidate": string; "sdpMid": string | null; "sdpMLineIndex": number | null; "usernameFragment": string | null };

export type CaseState = "open" | "dismissed" | "acted";

/** What discussions are sorted into. */
export type CategoryView = { "id": string; "name": string; "description": string; "position": number; "discussion_count": number; "last_updated": string | null };

/** The fields to change; those left out stay. */
export type ChangeSearch = { "search_id": string; "name"?: string | null; "filters"?: Filters_Input | null; "frequency"?: Frequency | null };

/** A way to reach a person. */
export type Channel = "in_app" | "push" | "email" | "digest";

/** Six months, the last one last. */
export type ChartView = { "months": Array<MonthView> };

export type Condition = "connected" | "reconnect_required";

/** The `connect_error` of a connection that was refused. */
export type ConnectError = { "message": string; "data": Problem };

/** To the recording of which call. */
export type ConsentToRecording = { "session_id": string; "granted": boolean };

/** A word of yours: that you agree to something, or do so no more. */
export type ConsentView = { "id": string; "kind": store__consent_log__Kind; "granted": boolean; "what": Array<string>; "to": string | null; "about": string | null; "session_id": string; "device": string; "at": string };

/** What can be given. */
export type Contact = "phone" | "address";

/** What somebody gives one reader of their contact data. */
export type ContactShareView = { "user_id": string; "shares": Array<Contact>; "since": string };

/** What is looked for. */
export type CountGigs = { "lat"?: number | null; "lon"?: number | null; "search"?: string | null; "category"?: string | null; "skill"?: string | null; "offered_skill"?: string | null; "desired_skill"?: string | null; "tags"?: Array<string>; "mode"?: store__profiles__Mode | null; "level"?: Level | null; "language"?: string | null; "kind"?: Kind_Input | null; "created_by"?: string | null; "location"?: string | null; "radius_km"?: number | null; "box"?: [number, number, number, number] | null };

/** How many there are of one value. */
export type CountView = { "value": string; "count": number };

/** When else: one to five times. */
export type CounterSwap = { "swap_id": string; "version"?: number | null; "reason"?: string; "slots": Array<string> };

/** In which conversation, or for which swap, and how. */
export type CreateCall = { "client_id"?: string | null; "thread_id"?: string | null; "swap"?: string | null; "participants"?: Array<string> | null; "ring"?: boolean; "session_duration"?: number | null; "opens_at"?: string | null; "lobby"?: boolean };

/** What it is about, and its first post. */
export type CreateDiscussion = { "client_id"?: string | null; "title": string; "content": string; "category_id"?: string; "tags"?: Array<string>; "mentions"?: Array<string> };

/** What you teach, and what you want to learn for it. It is published at once, unless it is a draft. */
export type CreateGig = { "client_id"?: string | null; "kind"?: Kind_Input; "title": string; "description": string; "images"?: Array<string>; "offered_skills"?: Array<string>; "desired_skills"?: Array<string>; "mode": store__profiles__Mode; "category"?: "technology" | "languages" | "music" | "arts-and-design" | "crafts" | "cooking" | "sports" | "dance" | "science" | "school" | "business" | "writing" | "home-and-repair" | "gardening-and-animals" | "wellbeing" | "games-and-stage" | "life" | null; "tags"?: Array<string>; "level"?: Level | null; "languages"?: Array<string>; "location"?: LocationGiven | null; "notice_hours"?: number | null; "status"?: "draft" | "active"; "created_by"?: string | null };

/** What to say, and where. */
export type CreatePost = { "client_id"?: string | null; "thread_id": string; "content": string; "parent_id"?: string | null; "mentions"?: Array<string> };

/** What is wrong with what. */
export type CreateReport = { "client_id"?: string | null; "kind": Thing; "thing_id": string; "reason": Fault_Input; "words"?: string };

/** Who offers it or asks for it, with what lists are sorted by. */
export type CreatorView = { "id": string; "name": string; "profile_picture": ImageView | null; "ratings": RatingsView; "next_free_at": string | null };

/** What a client sends in `auth` when it connects. */
export type Credentials = { "token": string; "device_id"?: string | null; "client"?: string | null; "since"?: Since | null };

/** What somebody has, in minutes, and how it came to it. */
export type CreditPage = { "items": Array<TransferView>; "next_cursor": string | null; "balance": number; "reserved": number; "limit": number };

export type Criterion = "clarity" | "preparation" | "punctuality" | "friendliness";

/** Your dashboard, which you watch, is no longer as it was: ask for it again. Seldom, whatever comes together. */
export type DashboardChanged = {  };

/** Your dashboard, which you watch, is no longer as it was: ask for it again. Seldom, whatever comes together. */
export type DashboardChangedEnvelope = { "id": string; "type": "dashboard:changed"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": DashboardChanged };

/** What you did, what comes next, and what waits for you. */
export type DashboardView = { "stats": StatsView; "chart": ChartView; "ratings": RatingsView; "activity": Array<NotificationView>; "next_swaps": Array<SwapView>; "next_lessons": Array<NextLessonView>; "pending_reviews": Array<PendingReviewView>; "unread": UnreadView; "matches": number };

/** A swap, with its times by the clocks of both, and what was recorded of it, as who asks may see them. */
export type DatedSwapView = { "id": string; "requestor": string; "responder": string; "status": store__swaps__Status; "turn": string | null; "gig": string | null; "gig_snapshot": GigSnapshotView | null; "offered_skill": string; "desired_skill": string; "scheduled_time": string; "proposals": Array<string>; "duration_minutes": number; "time_zone": string; "mode": store__swaps__Mode; "note": string; "thread_id": string; "version": number; "history": Array<StepView>; "outcomes": Record<string, Outcome>; "delivered": Record<string, string>; "confirmed_by": Array<string>; "credit_minutes": number; "credit_from": string | null; "expires_at": string | null; "completes_at": string | null; "createdAt": string; "updatedAt": string; "times": Array<SlotView>; "your_time_zone": string; "their_time_zone": string | null; "recordings": Array<SwapRecordingView> };

/** Which conversation. */
export type DeclineRequest = { "thread_id": string };

/** Which of one's own; it need not be ready. */
export type DeleteExport = { "export_id": string };

/** Which one. */
export type DeleteGig = { "gig_id": string };

/** Which message. */
export type DeleteMessage = { "thread_id": string; "message_id": string };

/** Which post. */
export type DeletePost = { "thread_id": string; "post_id": string };

/** Which one. */
export type DeleteSearch = { "search_id": string };

/** Whom of the lobby. */
export type DenyPeer = { "session_id": string; "peer_id": string };

/** A session description, as `RTCPeerConnection` gives and takes it. */
export type Description = { "type": "offer" | "answer"; "sdp": string };

/** A skill that is known by name. The key stays for good, names and aliases may be corrected. */
export type DirectorySkillView = { "key": string; "name": string; "category": string; "aliases": Array<string> };

/** One's own. */
export type DisconnectCalendar = {  };

/** A discussion and a part of its posts, in the order of their numbers. */
export type DiscussionPage = { "items": Array<PostView>; "next_cursor": string | null; "discussion": DiscussionView; "voted": Array<string> };

/** By what a list of discussions is ordered: each a field to page by. */
export type DiscussionSort = "newest" | "active" | "votes" | "unanswered";

/** A discussion that you watch changed: its title, its answer, what staff did with it. `mine` is always null. */
export type DiscussionUpdated = { "discussion": DiscussionView };

/** A discussion that you watch changed: its title, its answer, what staff did with it. `mine` is always null. */
export type DiscussionUpdatedEnvelope = { "id": string; "type": "discussion:updated"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": DiscussionUpdated };

/** A discussion. Its posts are numbered densely from 1 to `last_n`; of two copies the higher `version` is later. */
export type DiscussionView = { "id": string; "version": number; "title": string; "category_id": string; "tags": Array<TagView>; "created_by": AuthorView; "post_count": number; "last_n": number; "votes": number; "accepted": string | null; "pinned": boolean; "locked": boolean; "hidden": boolean; "merged_into": string | null; "createdAt": string; "last_updated": string; "mine": FollowView | null };

export type Done_AchievementsView_ = { "ok": true; "data": AchievementsView; "duplicate"?: true };

export type Done_AgendaView_ = { "ok": true; "data": AgendaView; "duplicate"?: true };

export type Done_AttendanceView_ = { "ok": true; "data": AttendanceView; "duplicate"?: true };

export type Done_AvailabilityView_ = { "ok": true; "data": AvailabilityView; "duplicate"?: true };

export type Done_BadgeView_ = { "ok": true; "data": BadgeView; "duplicate"?: true };

export type Done_BlockView_ = { "ok": true; "data": BlockView; "duplicate"?: true };

export type Done_CalendarSyncView_ = { "ok": true; "data": CalendarSyncView; "duplicate"?: true };

export type Done_CalendarView_ = { "ok": true; "data": CalendarView; "duplicate"?: true };

export type Done_CallView_ = { "ok": true; "data": CallView; "duplicate"?: true };

export type Done_ContactShareView_ = { "ok": true; "data": ContactShareView; "duplicate"?: true };

export type Done_CreditPage_ = { "ok": true; "data": CreditPage; "duplicate"?: true };

export type Done_DashboardView_ = { "ok": true; "data": DashboardView; "duplicate"?: true };

export type Done_DatedSwapView_ = { "ok": true; "data": DatedSwapView; "duplicate"?: true };

export type Done_DirectorySkillView_ = { "ok": true; "data": DirectorySkillView; "duplicate"?: true };

export type Done_DiscussionPage_ = { "ok": true; "data": DiscussionPage; "duplicate"?: true };

export type Done_DiscussionView_ = { "ok": true; "data": DiscussionView; "duplicate"?: true };

export type Done_FacetsView_ = { "ok": true; "data": FacetsView; "duplicate"?: true };

export type Done_FiguresView_ = { "ok": true; "data": FiguresView; "duplicate"?: true };

export type Done_FirstContactsView_ = { "ok": true; "data": FirstContactsView; "duplicate"?: true };

export type Done_ForumPage_ = { "ok": true; "data": ForumPage; "duplicate"?: true };

export type Done_GigView_ = { "ok": true; "data": GigView; "duplicate"?: true };

export type Done_IceView_ = { "ok": true; "data": IceView; "duplicate"?: true };

export type Done_LeaderboardView_ = { "ok": true; "data": LeaderboardView; "duplicate"?: true };

export type Done_MessagePage_ = { "ok": true; "data": MessagePage; "duplicate"?: true };

export type Done_MessageView_ = { "ok": true; "data": MessageView; "duplicate"?: true };

export type Done_Missed_ = { "ok": true; "data": Missed; "duplicate"?: true };

export type Done_NoneType_ = { "ok": true; "data": null; "duplicate"?: true };

export type Done_Page_BlockView__ = { "ok": true; "data": Page_BlockView_; "duplicate"?: true };

export type Done_Page_CallView__ = { "ok": true; "data": Page_CallView_; "duplicate"?: true };

export type Done_Page_ConsentView__ = { "ok": true; "data": Page_ConsentView_; "duplicate"?: true };

export type Done_Page_ContactShareView__ = { "ok": true; "data": Page_ContactShareView_; "duplicate"?: true };

export type Done_Page_DiscussionView__ = { "ok": true; "data": Page_DiscussionView_; "duplicate"?: true };

export type Done_Page_FoundPostView__ = { "ok": true; "data": Page_FoundPostView_; "duplicate"?: true };

export type Done_Page_GigView__ = { "ok": true; "data": Page_GigView_; "duplicate"?: true };

export type Done_Page_MarkView__ = { "ok": true; "data": Page_MarkView_; "duplicate"?: true };

export type Done_Page_MatchView__ = { "ok": true; "data": Page_MatchView_; "duplicate"?: true };

export type Done_Page_MessageView__ = { "ok": true; "data": Page_MessageView_; "duplicate"?: true };

export type Done_Page_NotificationView__ = { "ok": true; "data": Page_NotificationView_; "duplicate"?: true };

export type Done_Page_PendingReviewView__ = { "ok": true; "data": Page_PendingReviewView_; "duplicate"?: true };

export type Done_Page_PersonCardView__ = { "ok": true; "data": Page_PersonCardView_; "duplicate"?: true };

export type Done_Page_PresenceView__ = { "ok": true; "data": Page_PresenceView_; "duplicate"?: true };

export type Done_Page_PushSubscriptionView__ = { "ok": true; "data": Page_PushSubscriptionView_; "duplicate"?: true };

export type Done_Page_ReportView__ = { "ok": true; "data": Page_ReportView_; "duplicate"?: true };

export type Done_Page_SavedSearchView__ = { "ok": true; "data": Page_SavedSearchView_; "duplicate"?: true };

export type Done_Page_StatementView__ = { "ok": true; "data": Page_StatementView_; "duplicate"?: true };

export type Done_Page_SwapView__ = { "ok": true; "data": Page_SwapView_; "duplicate"?: true };

export type Done_Page_ThreadView__ = { "ok": true; "data": Page_ThreadView_; "duplicate"?: true };

export type Done_Page_WrittenReviewView__ = { "ok": true; "data": Page_WrittenReviewView_; "duplicate"?: true };

export type Done_PersonCardView_ = { "ok": true; "data": PersonCardView; "duplicate"?: true };

export type Done_PersonView_ = { "ok": true; "data": PersonView; "duplicate"?: true };

export type Done_PostView_ = { "ok": true; "data": PostView; "duplicate"?: true };

export type Done_PreferencesView_ = { "ok": true; "data": PreferencesView; "duplicate"?: true };

export type Done_PresenceView_ = { "ok": true; "data": handlers__views__profiles__PresenceView; "duplicate"?: true };

export type Done_PushSubscriptionView_ = { "ok": true; "data": PushSubscriptionView; "duplicate"?: true };

export type Done_ReliabilityView_ = { "ok": true; "data": ReliabilityView; "duplicate"?: true };

export type Done_Renewed_ = { "ok": true; "data": Renewed; "duplicate"?: true };

export type Done_ReportView_ = { "ok": true; "data": ReportView; "duplicate"?: true };

export type Done_ReviewPage_ = { "ok": true; "data": ReviewPage; "duplicate"?: true };

export type Done_ReviewView_ = { "ok": true; "data": ReviewView; "duplicate"?: true };

export type Done_RoomView_ = { "ok": true; "data": RoomView; "duplicate"?: true };

export type Done_SavedSearchView_ = { "ok": true; "data": SavedSearchView; "duplicate"?: true };

export type Done_SeatView_ = { "ok": true; "data": SeatView; "duplicate"?: true };

export type Done_SeriesView_ = { "ok": true; "data": SeriesView; "duplicate"?: true };

export type Done_SkillsView_ = { "ok": true; "data": SkillsView; "duplicate"?: true };

export type Done_SlotsView_ = { "ok": true; "data": SlotsView; "duplicate"?: true };

export type Done_StatementView_ = { "ok": true; "data": StatementView; "duplicate"?: true };

export type Done_SwapView_ = { "ok": true; "data": SwapView; "duplicate"?: true };

export type Done_ThreadView_ = { "ok": true; "data": ThreadView; "duplicate"?: true };

export type Done_WatchView_ = { "ok": true; "data": WatchView; "duplicate"?: true };

export type Done_WrittenReviewView_ = { "ok": true; "data": WrittenReviewView; "duplicate"?: true };

/** The process of this connection ends: it goes on for a moment, and is closed then; connect anew at once. */
export type Draining = { "in_ms": number };

/** The fields to change; those left out stay. */
export type EditDiscussion = { "thread_id": string; "title"?: string | null; "tags"?: Array<string> | null };

/** The new text, and the version it replaces, if that matters. */
export type EditMessage = { "thread_id": string; "message_id": string; "message_content": string; "version"?: number | null };

/** The new text, and the version it replaces, if that matters. */
export type EditPost = { "thread_id": string; "post_id": string; "content": string; "mentions"?: Array<string> | null; "version"?: number | null };

/** What it shall say instead, as a whole. */
export type EditReview = { "rating": number; "comments"?: string; "criteria"?: Record<string, number>; "skills"?: Array<SkillRatingGiven>; "was_appropriate"?: boolean; "private_note"?: string; "review_id": string };

/** Which call. */
export type EndCall = { "session_id": string };

/** Why a call is over. */
export type EndReason = "hung_up" | "ended_by_host" | "rejected" | "busy" | "missed" | "cancelled" | "empty" | "unused" | "time_over";

/** Beside which swap. */
export type EndSeries = { "swap_id": string };

/** Your session, or this connection, was ended; the socket is closed right after it. */
export type Ended = { "session_id": string; "code": string; "reconnect": boolean };

/** The last message, as a list of conversations shows it. */
export type ExcerptView = { "message_id": string; "seq": number; "sender": string; "message_content": string; "timestamp": string };

/** What is found, counted by what one may choose next; the most frequent first. */
export type FacetsView = { "total": number; "exact": boolean; "kind": Array<CountView>; "category": Array<CountView>; "mode": Array<CountView>; "level": Array<CountView>; "language": Array<CountView>; "skill": Array<CountView>; "tags": Array<CountView> };

/** Not done, and why not. */
export type Failed = { "ok": false; "error": Problem };

/** What somebody says is wrong with it. */
export type Fault_Input = "spam" | "scam" | "harassment" | "hate" | "sexual" | "violence" | "impersonation" | "privacy" | "other";

/** How the process that answers is doing, and what waits for all of them. */
export type FiguresView = { "process": ProcessView; "backlog": BacklogView };

/** What is looked for; all of it has to be so. */
export type Filters_Input = { "lat"?: number | null; "lon"?: number | null; "search"?: string | null; "category"?: string | null; "skill"?: string | null; "offered_skill"?: string | null; "desired_skill"?: string | null; "tags"?: Array<string>; "mode"?: store__profiles__Mode | null; "level"?: Level | null; "language"?: string | null; "kind"?: Kind_Input | null; "created_by"?: string | null; "location"?: string | null; "radius_km"?: number | null; "box"?: [number, number, number, number] | null };

/** What is looked for; all of it has to be so. */
export type Filters_Output = { "lat": number | null; "lon": number | null; "search": string | null; "category": string | null; "skill": string | null; "offered_skill": string | null; "desired_skill": string | null; "tags": Array<string>; "mode": store__profiles__Mode | null; "level": Level | null; "language": string | null; "kind": store__gigs__Kind | null; "created_by": string | null; "location": string | null; "radius_km": number | null; "box": [number, number, number, number] | null };

/** How many strangers you wrote to who have not answered yet, and to how many more you may turn. */
export type FirstContactsView = { "used": number; "allowed": number; "left": number; "level": Standing; "more": Array<Ground> };

/** You follow or ignore a discussion, or have read on in it, on another device of yours. */
export type FollowChanged = { "thread_id": string; "mine": FollowView };

/** You follow or ignore a discussion, or have read on in it, on another device of yours. */
export type FollowChangedEnvelope = { "id": string; "type": "follow:changed"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": FollowChanged; "seq": number; "epoch": string };

/** Which discussion, and how. */
export type FollowDiscussion = { "thread_id": string; "level"?: FollowLevel };

export type FollowLevel = "following" | "normal" | "ignored";

/** What a discussion is to you. */
export type FollowView = { "level": FollowLevel; "muted_until": string | null; "read_up_to": number; "unread_count": number };

/** A part of the list of discussions, and with its first part the categories. */
export type ForumPage = { "items": Array<DiscussionView>; "next_cursor": string | null; "categories": Array<CategoryView> };

/** A post that was found, and what its discussion is called. */
export type FoundPostView = { "title": string; "post": PostView };

/** When somebody hears of what is new: at once, once a day, or not. */
export type Frequency = "live" | "daily" | "off";

/** Of which swap of yours. */
export type GetAgenda = { "swap_id": string };

/** Of which swap of yours; staff asks of those that are disputed. */
export type GetAttendance = { "swap_id": string };

/** One's own. */
export type GetAvailability = {  };

/** One's own. */
export type GetBadge = {  };

/** One's own. */
export type GetCalendar = {  };

/** Which call. */
export type GetCall = { "session_id": string };

/** One's own. */
export type GetDashboard = {  };

/** Which part of which discussion. */
export type GetDiscussion = { "thread_id": string; "cursor"?: string | null; "limit"?: number };

/** Of oneself. */
export type GetFirstContacts = {  };

/** Which one. */
export type GetGig = { "gig_id": string };

/** In which call this connection has a seat. */
export type GetIce = { "session_id": string };

/** Which board, and which part of it; of a skill, or of the area in which a position lies. */
export type GetLeaderboard = { "lat"?: number | null; "lon"?: number | null; "window"?: Window; "period"?: string | null; "skill"?: string | null; "cursor"?: string | null; "limit"?: number };

/** Whom. */
export type GetPerson = { "user_id": string };

/** One's own. */
export type GetPreferences = {  };

/** Of whom; in an address with commas between. */
export type GetPresence = { "user_ids": Array<string> };

/** Of whom. */
export type GetReliability = { "user_id": string };

/** Which one. */
export type GetSearch = { "search_id": string };

/** Beside which swap. */
export type GetSeries = { "swap_id": string };

/** Which skill. */
export type GetSkill = { "key": string };

/** With whom, how long, between which moments, shown in which zone. */
export type GetSlots = { "user_id": string; "duration"?: number | null; "from"?: string | null; "to"?: string | null; "tz"?: string | null; "cursor"?: string | null; "limit"?: number };

/** Which of one's own. */
export type GetSwap = { "swap_id": string };

/** Which swap of yours. */
export type GetSync = { "swap_id": string };

/** Which conversation. */
export type GetThread = { "thread_id": string };

/** How often others saw it in a list, opened it, and keep it. */
export type GigCountsView = { "impressions": number; "clicks": number; "bookmarks": number };

/** You made an offer or a request, by one of your devices. */
export type GigCreated = { "gig": GigView };

/** You made an offer or a request, by one of your devices. */
export type GigCreatedEnvelope = { "id": string; "type": "gig:created"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": GigCreated; "seq": number; "epoch": string };

/** An offer or a request of yours is deleted. */
export type GigDeleted = { "gig_id": string };

/** An offer or a request of yours is deleted. */
export type GigDeletedEnvelope = { "id": string; "type": "gig:deleted"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": GigDeleted; "seq": number; "epoch": string };

/** An offer or a request of yours fades in a week, unless you renew it. */
export type GigExpiring = { "gig_id": string; "title": string; "expires_at": string };

/** An offer or a request of yours fades in a week, unless you renew it. */
export type GigExpiringEnvelope = { "id": string; "type": "gig:expiring"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": GigExpiring; "seq": number; "epoch": string };

/** Somebody offers or asks for what you look for, by these searches of yours; each tells of it once. */
export type GigMatched = { "gig": MatchedGigView; "searches": Array<SearchNameView> };

/** Somebody offers or asks for what you look for, by these searches of yours; each tells of it once. */
export type GigMatchedEnvelope = { "id": string; "type": "gig:matched"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": GigMatched; "seq": number; "epoch": string };

/** A skill that is offered or sought; `key` says what it is, however it is called. */
export type GigSkill = { "key": string; "name": string };

/** An offer as it was. */
export type GigSnapshotView = { "gig_id": string; "version": number; "created_by": string; "kind": store__gigs__Kind; "title": string; "description": string; "offered_skills": Array<GigSkill>; "desired_skills": Array<GigSkill>; "mode": store__profiles__Mode; "category": string | null; "level": Level | null; "location": Place | null; "notice_hours": number | null; "images": Array<ImageView>; "tags": Array<string>; "languages": Array<string> };

/** An offer or a request of yours changed: what it says, whether it is published, or what staff thinks of it. */
export type GigUpdated = { "gig": GigView };

/** An offer or a request of yours changed: what it says, whether it is published, or what staff thinks of it. */
export type GigUpdatedEnvelope = { "id": string; "type": "gig:updated"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": GigUpdated; "seq": number; "epoch": string };

/** An offer or a request. Of two copies the higher `version` is the later. */
export type GigView = { "id": string; "version": number; "created_by": string; "creator": CreatorView; "kind": store__gigs__Kind; "title": string; "description": string; "images": Array<ImageView>; "offered_skills": Array<GigSkill>; "desired_skills": Array<GigSkill>; "mode": store__profiles__Mode; "category": string | null; "tags": Array<string>; "level": Level | null; "languages": Array<string>; "location": Place | null; "notice_hours": number | null; "status": store__gigs__Status; "expires_at": string | null; "hidden": Hidden | null; "counts": GigCountsView | null; "bookmarked": boolean; "distance_km": number | null; "createdAt": string; "updatedAt": string };

/** What somebody is trusted for. */
export type Ground = "a_day" | "phone" | "swap";

/** The first event on every connection. What was missed follows right after it, in order. */
export type Hello = { "user_id": string; "session_id": string; "connection_id": string; "server_time": string; "protocol": number; "epoch": string; "seq": number; "recovered": boolean; "replayed": number; "limits": Record<string, number> };

/** Staff keeps it from everybody but its owner, and says why; or has not looked yet: until then it `waits`. */
export type Hidden = { "reason": string; "at": string; "waits": boolean };

/** Staff keeps it from everybody but its two people, and says why. */
export type HiddenReview = { "reason": string; "at": string };

/** What the calls of a swap make likely: one was `absent`, it was `short`, or both were `together` for half of it. `unknown` while it is not over, and where they may have met elsewhere. */
export type Hint = "absent" | "short" | "together" | "unknown";

/** One entry of `RTCConfiguration.iceServers`. */
export type IceServer = { "urls": Array<string>; "username": string | null; "credential": string | null };

/** What goes into `RTCPeerConnection({iceServers})`; made for this peer, and good until a moment. */
export type IceView = { "ice_servers": Array<IceServer>; "expires_at": string | null };

/** A picture by its id, and where it is fetched in three sizes. */
export type ImageView = { "id": string; "url": string; "preview_url": string; "thumbnail_url": string };

/** Which call, and what its details gave you for it. */
export type JoinCall = { "session_id": string; "token": string };

/** How far somebody can be relied on: "kept 14 of 15". */
export type KeptView = { "kept": number; "of": number };

/** Whether somebody offers to teach, or asks for somebody who does; a request may offer nothing. */
export type Kind_Input = "offer" | "request";

/** Somebody waits in the lobby; told to the host. By `state` also that they wait no more. */
export type Knocked = { "session_id": string; "peer_id": string; "user_id": string; "state": signaling__seats__State | null };

/** Somebody waits in the lobby; told to the host. By `state` also that they wait no more. */
export type KnockedEnvelope = { "id": string; "type": "call:knocked"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": Knocked };

/** Somebody on a board. Those with as many points share a rank, and the next rank follows without a gap. */
export type LeaderView = { "rank": number; "user": AuthorView; "points": number; "ratings": RatingsView };

/** You have other points on this month's board, or somebody passed you; once in five seconds at most. It is a word of the moment: others' ranks and other boards are asked for. */
export type LeaderboardChanged = { "window": Window; "period": string; "my_rank": number | null; "my_points": number };

/** You have other points on this month's board, or somebody passed you; once in five seconds at most. It is a word of the moment: others' ranks and other boards are asked for. */
export type LeaderboardChangedEnvelope = { "id": string; "type": "leaderboard:changed"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": LeaderboardChanged };

/** A part of a board, and where you are on it; null if you are not, or do not want to be. */
export type LeaderboardView = { "items": Array<LeaderView>; "next_cursor": string | null; "window": Window; "period": string; "skill": string | null; "area": [number, number, number, number] | null; "my_rank": number | null; "my_points": number | null; "neighbours": Array<LeaderView> };

/** Which call. */
export type LeaveCall = { "session_id": string };

export type LessonState = "planned" | "moved" | "cancelled";

/** How well somebody knows a skill, or wants to; in this order. */
export type Level = "beginner" | "intermediate" | "advanced" | "expert";

/** One's own. */
export type ListAchievements = {  };

/** Which part of the list. */
export type ListBlocks = { "cursor"?: string | null; "limit"?: number };

/** One's own. */
export type ListBookmarked = { "cursor"?: string | null; "limit"?: number };

/** Which of one's own. */
export type ListCalls = { "swap"?: string | null; "cursor"?: string | null; "limit"?: number };

/** Which part of one's own. */
export type ListConsents = { "cursor"?: string | null; "limit"?: number };

/** Which part of the list. */
export type ListContactShares = { "cursor"?: string | null; "limit"?: number };

/** One's own. */
export type ListCredits = { "cursor"?: string | null; "limit"?: number };

/** Which discussions, in which order. */
export type ListDiscussions = { "category_id"?: string | null; "tag"?: string | null; "q"?: string | null; "sort"?: DiscussionSort | null; "cursor"?: string | null; "limit"?: number };

/** Which part of the list. */
export type ListFavourites = { "cursor"?: string | null; "limit"?: number };

/** Which part of one's list. */
export type ListFollowed = { "level"?: FollowLevel; "cursor"?: string | null; "limit"?: number };

/** What is looked for, and which part of it. */
export type ListGigs = { "lat"?: number | null; "lon"?: number | null; "search"?: string | null; "category"?: string | null; "skill"?: string | null; "offered_skill"?: string | null; "desired_skill"?: string | null; "tags"?: Array<string>; "mode"?: store__profiles__Mode | null; "level"?: Level | null; "language"?: string | null; "kind"?: Kind_Input | null; "created_by"?: string | null; "location"?: string | null; "radius_km"?: number | null; "box"?: [number, number, number, number] | null; "sort"?: Sort | null; "cursor"?: string | null; "limit"?: number };

/** Of which conversation. */
export type ListMarks = { "thread_id": string };

/** Which part of the list. */
export type ListMatches = { "cursor"?: string | null; "limit"?: number };

/** Which part of a conversation: at most one of before, after and around, each a message number. */
export type ListMessages = { "thread_id": string; "before"?: number | null; "after"?: number | null; "around"?: number | null; "limit"?: number };

/** Which of one's own. */
export type ListNotifications = { "unread"?: boolean; "cursor"?: string | null; "limit"?: number };

/** Of which status; all without one. */
export type ListOwnGigs = { "status"?: store__gigs__Status | null; "cursor"?: string | null; "limit"?: number };

/** One's own. */
export type ListPendingReviews = {  };

/** One's own. */
export type ListPushSubscriptions = {  };

/** One's own. */
export type ListReports = { "cursor"?: string | null; "limit"?: number };

/** Of whom. */
export type ListReviews = { "user_id": string; "cursor"?: string | null; "limit"?: number };

/** Which part of the list. */
export type ListSaved = { "cursor"?: string | null; "limit"?: number };

/** One's own. */
export type ListSearches = {  };

/** About oneself. */
export type ListStatements = { "cursor"?: string | null; "limit"?: number };

/** Which of one's own. */
export type ListSwaps = { "status"?: store__swaps__Status | null; "cursor"?: string | null; "limit"?: number };

/** Which of one's conversations. */
export type ListThreads = { "archived"?: boolean; "requests"?: boolean; "cursor"?: string | null; "limit"?: number };

/** One's own. */
export type ListWrittenReviews = { "cursor"?: string | null; "limit"?: number };

/** Where to meet. Of the point no more is kept than a tenth of a degree says. */
export type LocationGiven = { "label": string; "point": Point_Input };

/** Shut, or open again. */
export type LockCall = { "session_id": string; "locked": boolean };

/** Up to when: what came later has not been seen. */
export type MarkAllNotificationsRead = { "up_to"?: string | null };

/** Up to which message. */
export type MarkDelivered = { "thread_id": string; "up_to": number };

/** Up to which post. */
export type MarkDiscussionRead = { "thread_id": string; "up_to": number };

/** Which of one's own; those that are read, or gone, change nothing. */
export type MarkNotificationsRead = { "ids": Array<string> };

/** Up to which message. */
export type MarkRead = { "thread_id": string; "up_to": number; "private"?: boolean };

/** From which message on. */
export type MarkUnread = { "thread_id": string; "from_seq": number };

/** How far somebody has got: every message up to a number. */
export type MarkView = { "user_id": string; "read_up_to": number; "delivered_up_to": number };

/** Somebody teaches what you want to learn and wants to learn what you teach. Told once for each person. */
export type MatchFound = { "match": MatchView };

/** Somebody teaches what you want to learn and wants to learn what you teach. Told once for each person. */
export type MatchFoundEnvelope = { "id": string; "type": "match:found"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": MatchFound; "seq": number; "epoch": string };

/** Somebody who teaches what you want to learn and wants to learn what you teach. */
export type MatchView = { "id": string; "user": PersonCardView; "score": number; "you_teach": Array<handlers__views__matches__LessonView>; "they_teach": Array<handlers__views__matches__LessonView>; "shared_languages": Array<string> | null; "distance_km": number | null; "shared_modes": Array<store__profiles__Mode> | null; "shared_hours": number | null; "found_at": string };

/** An offer or a request that somebody looked for, in few words. */
export type MatchedGigView = { "id": string; "kind": store__gigs__Kind; "title": string; "category": string | null; "mode": store__profiles__Mode; "created_by": string };

export type Measure = "warning" | "mute" | "suspension" | "ban" | "hidden";

/** Somebody wrote in a conversation. Its author's other devices hear it too. */
export type MessageCreated = { "message": MessageView };

/** Somebody wrote in a conversation. Its author's other devices hear it too. */
export type MessageCreatedEnvelope = { "id": string; "type": "message:created"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": MessageCreated; "seq": number; "epoch": string };

/** A message was deleted for everybody: its place stays, its text is gone. */
export type MessageDeleted = { "message": MessageView };

/** A message was deleted for everybody: its place stays, its text is gone. */
export type MessageDeletedEnvelope = { "id": string; "type": "message:deleted"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": MessageDeleted; "seq": number; "epoch": string };

/** A message has a new text. Of two copies keep the one with the higher version. */
export type MessageEdited = { "message": MessageView };

/** A message has a new text. Of two copies keep the one with the higher version. */
export type MessageEditedEnvelope = { "id": string; "type": "message:edited"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": MessageEdited; "seq": number; "epoch": string };

/** Messages in order of their number, and whether there are more on either side. */
export type MessagePage = { "items": Array<MessageView>; "next_cursor": string | null; "has_before": boolean; "has_after": boolean };

/** A message was pinned for everybody, or its pin was taken away. */
export type MessagePinned = { "thread_id": string; "message_id": string; "pinned": boolean };

/** A message was pinned for everybody, or its pin was taken away. */
export type MessagePinnedEnvelope = { "id": string; "type": "message:pinned"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": MessagePinned; "seq": number; "epoch": string };

/** Somebody reacted to a message, or took a reaction back. */
export type MessageReacted = { "message": MessageView };

/** Somebody reacted to a message, or took a reaction back. */
export type MessageReactedEnvelope = { "id": string; "type": "message:reacted"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": MessageReacted; "seq": number; "epoch": string };

/** A deleted message is back. */
export type MessageRestored = { "message": MessageView };

/** A deleted message is back. */
export type MessageRestoredEnvelope = { "id": string; "type": "message:restored"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": MessageRestored; "seq": number; "epoch": string };

/** A message. `seq` numbers a conversation densely from 1; of two copies the higher `version` is the later. */
export type MessageView = { "id": string; "thread_id": string; "seq": number; "version": number; "sender": string; "recipient": string | null; "message_content": string; "timestamp": string; "attachment_reference": string | null; "client_id": string | null; "reply_to": QuoteView | null; "mentions": Array<string>; "reactions": Record<string, Array<string>>; "edited_at": string | null; "deleted": boolean; "system": string | null };

/** What happened since. */
export type Missed = { "recovered": boolean; "epoch": string; "seq": number; "events": Array<MessageCreatedEnvelope | ThreadCreatedEnvelope | ThreadReadEnvelope | ThreadDeliveredEnvelope | ThreadUpdatedEnvelope | ThreadLeftEnvelope | MessagePinnedEnvelope | MessageEditedEnvelope | MessageDeletedEnvelope | MessageRestoredEnvelope | MessageReactedEnvelope | CallCreatedEnvelope | CallUpdatedEnvelope | CallMissedEnvelope | CallEndedEnvelope | AccountActivityEnvelope | BlockAddedEnvelope | BlockRemovedEnvelope | ReportUpdatedEnvelope | StatementCreatedEnvelope | StatementUpdatedEnvelope | GigCreatedEnvelope | GigUpdatedEnvelope | GigDeletedEnvelope | GigExpiringEnvelope | SearchSavedEnvelope | SearchDeletedEnvelope | GigMatchedEnvelope | MatchFoundEnvelope | FollowChangedEnvelope | NotificationCreatedEnvelope | NotificationReadEnvelope | NotificationExpiredEnvelope | PreferencesChangedEnvelope | BadgeChangedEnvelope | AvailabilityUpdatedEnvelope | SeriesUpdatedEnvelope | SwapCreatedEnvelope | SwapUpdatedEnvelope | SwapExpiredEnvelope | AgendaUpdatedEnvelope | SwapReminderEnvelope | ReviewPublishedEnvelope | ReviewUpdatedEnvelope | AchievementAwardedEnvelope | CalendarChangedEnvelope | CalendarSyncedEnvelope | CalendarDeletedEnvelope | CalendarRestoredEnvelope>; "more": boolean };

/** A month by your clock; its points are counted by UTC's. */
export type MonthView = { "month": string; "swaps": number; "minutes": number; "points": number };

/** Which one, to when. */
export type MoveLesson = { "swap_id": string; "number": number; "start": string };

/** Until when. */
export type MuteDiscussion = { "thread_id": string; "until": string | null };

/** Whom. */
export type MutePeer = { "session_id": string; "peer_id": string };

/** The host asks you to be silent. Nobody but you can do it, or undo it. */
export type MuteRequested = { "session_id": string; "peer_id": string };

/** The host asks you to be silent. Nobody but you can do it, or undo it. */
export type MuteRequestedEnvelope = { "id": string; "type": "call:mute_requested"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": MuteRequested };

/** Until when. */
export type MuteThread = { "thread_id": string; "until": string | null };

/** With whom both you and somebody else had swaps: "you both swapped with Ada and 2 more". */
export type MutualView = { "count": number; "people": Array<AuthorView> };

/** A lesson that comes next, and whom you have it with. */
export type NextLessonView = { "swap_id": string; "user_id": string; "lesson": handlers__views__series__LessonView };

/** There is something to know of; or the notification of this id has grown, or tells another text than before. */
export type NotificationCreated = { "notification": NotificationView };

/** There is something to know of; or the notification of this id has grown, or tells another text than before. */
export type NotificationCreatedEnvelope = { "id": string; "type": "notification:created"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": NotificationCreated; "seq": number; "epoch": string };

/** The time of these is over, read or not: they are no longer in the list. */
export type NotificationExpired = { "ids": Array<string> };

/** The time of these is over, read or not: they are no longer in the list. */
export type NotificationExpiredEnvelope = { "id": string; "type": "notification:expired"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": NotificationExpired; "seq": number; "epoch": string };

/** You have read these, on whatever device: take them from every screen. */
export type NotificationRead = { "ids": Array<string> };

/** You have read these, on whatever device: take them from every screen. */
export type NotificationReadEnvelope = { "id": string; "type": "notification:read"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": NotificationRead; "seq": number; "epoch": string };

/** Something to know of. While it is unread it may grow: keep the last one of an id. */
export type NotificationView = { "id": string; "topic": Topic; "title": string; "text": string; "about": string; "data": Record<string, unknown>; "actor_id": string | null; "count": number; "urgent": boolean; "unread": boolean; "createdAt": string; "at": string; "expires_at": string };

/** A part of a day by the clock on the wall: 09:00 to 12:30, or to 24:00; what crosses midnight is two. */
export type OpenHours = { "start": string; "end": string };

/** With whom, and about what. One other person and no title makes a pair; else it is a group. */
export type OpenThread = { "client_id"?: string | null; "participants": Array<string>; "title"?: string | null; "gig"?: string | null; "swap"?: string | null };

/** A day on which other hours hold than in the week: none, some, or 00:00 to 24:00. Its date is in no zone. */
export type OtherDay = { "date": string; "hours": Array<OpenHours> };

/** What one of the two says became of it; `no_show` says that the other one did not come. */
export type Outcome = "happened" | "did_not_happen" | "no_show";

/** How soon somebody answers, if they do. */
export type Pace = "within_an_hour" | "within_a_day" | "within_days";

export type Page_BlockView_ = { "items": Array<BlockView>; "next_cursor": string | null };

export type Page_CallView_ = { "items": Array<CallView>; "next_cursor": string | null };

export type Page_ConsentView_ = { "items": Array<ConsentView>; "next_cursor": string | null };

export type Page_ContactShareView_ = { "items": Array<ContactShareView>; "next_cursor": string | null };

export type Page_DiscussionView_ = { "items": Array<DiscussionView>; "next_cursor": string | null };

export type Page_FoundPostView_ = { "items": Array<FoundPostView>; "next_cursor": string | null };

export type Page_GigView_ = { "items": Array<GigView>; "next_cursor": string | null };

export type Page_MarkView_ = { "items": Array<MarkView>; "next_cursor": string | null };

export type Page_MatchView_ = { "items": Array<MatchView>; "next_cursor": string | null };

export type Page_MessageView_ = { "items": Array<MessageView>; "next_cursor": string | null };

export type Page_NotificationView_ = { "items": Array<NotificationView>; "next_cursor": string | null };

export type Page_PendingReviewView_ = { "items": Array<PendingReviewView>; "next_cursor": string | null };

export type Page_PersonCardView_ = { "items": Array<PersonCardView>; "next_cursor": string | null };

export type Page_PresenceView_ = { "items": Array<handlers__views__profiles__PresenceView>; "next_cursor": string | null };

export type Page_PushSubscriptionView_ = { "items": Array<PushSubscriptionView>; "next_cursor": string | null };

export type Page_ReportView_ = { "items": Array<ReportView>; "next_cursor": string | null };

export type Page_SavedSearchView_ = { "items": Array<SavedSearchView>; "next_cursor": string | null };

export type Page_StatementView_ = { "items": Array<StatementView>; "next_cursor": string | null };

export type Page_SwapView_ = { "items": Array<SwapView>; "next_cursor": string | null };

export type Page_ThreadView_ = { "items": Array<ThreadView>; "next_cursor": string | null };

export type Page_WrittenReviewView_ = { "items": Array<WrittenReviewView>; "next_cursor": string | null };

/** Which active one. */
export type PauseGig = { "gig_id": string };

/** Somebody is in the room, and hears. Towards you they are the polite one. */
export type PeerJoined = { "session_id": string; "peer": PeerView };

/** Somebody is in the room, and hears. Towards you they are the polite one. */
export type PeerJoinedEnvelope = { "id": string; "type": "call:peer_joined"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": PeerJoined };

/** A peer has left the room, or did not come back within half a minute. */
export type PeerLeft = { "session_id": string; "peer_id": string; "reason": WhyLeft };

/** A peer has left the room, or did not come back within half a minute. */
export type PeerLeftEnvelope = { "id": string; "type": "call:peer_left"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": PeerLeft };

/** A peer has lost its line to the server, and its seat is kept until then. Media may go on. */
export type PeerReconnecting = { "session_id": string; "peer_id": string; "until": string };

/** A peer has lost its line to the server, and its seat is kept until then. Media may go on. */
export type PeerReconnectingEnvelope = { "id": string; "type": "call:peer_reconnecting"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": PeerReconnecting };

/** A peer is back in its seat, under the same id. */
export type PeerRejoined = { "session_id": string; "peer": PeerView };

/** A peer is back in its seat, under the same id. */
export type PeerRejoinedEnvelope = { "id": string; "type": "call:peer_rejoined"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": PeerRejoined };

/** A peer shows something else of itself: its microphone, camera, screen or hand. */
export type PeerUpdated = { "session_id": string; "peer": PeerView };

/** A peer shows something else of itself: its microphone, camera, screen or hand. */
export type PeerUpdatedEnvelope = { "id": string; "type": "call:peer_updated"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": PeerUpdated };

/** One in the room. `screen` is the id of the media stream that shows its screen; null if none does. */
export type PeerView = { "peer_id": string; "user_id": string; "number": number; "state": signaling__seats__State; "mic": boolean; "camera": boolean; "screen": string | null; "hand": boolean };

/** A swap that you may still review: it was held, or the other side broke it. */
export type PendingReviewView = { "swap_id": string; "reviewee": string; "skill": string; "held": boolean; "completed_at": string; "until": string };

/** Somebody in a list: what everybody sees of them. */
export type PersonCardView = { "id": string; "name": string; "profile_picture": ImageView | null; "skills": Array<string>; "ratings": RatingsView; "verified": Array<Badge> };

/** Somebody as they show themselves to who asks. What is null is not there, or is not shown. */
export type PersonView = { "id": string; "name": string; "profile_picture": ImageView | null; "bannerImage": ImageView | null; "bio": string | null; "skills": Array<string>; "ratings": RatingsView; "teaches": Array<SkillView>; "wants": Array<SkillView>; "languages": Array<string> | null; "mode": store__profiles__Mode | null; "place": Place | null; "time_zone": string | null; "vacation": Vacation | null; "last_active": Active | null; "response": ResponseView | null; "reliability": KeptView; "verified": Array<Badge>; "portfolio": Array<WorkView> | null; "phone": string | null; "address": string | null; "favourite": boolean; "mutual": MutualView | null; "createdAt": string };

/** Which message. */
export type PinMessage = { "thread_id": string; "message_id": string };

/** Where somebody is, in their words, and roughly on the map. */
export type Place = { "label": string; "point": Point_Output | null };

/** A GeoJSON point, longitude first; never finer than a tenth of a degree. */
export type Point_Input = { "type"?: "Point"; "coordinates": [number, number] };

/** A GeoJSON point, longitude first; never finer than a tenth of a degree. */
export type Point_Output = { "type": "Point"; "coordinates": [number, number] };

/** Somebody wrote in a discussion that you watch. A hole in `n` means that you missed a post: fetch it. */
export type PostCreated = { "post": PostView };

/** Somebody wrote in a discussion that you watch. A hole in `n` means that you missed a post: fetch it. */
export type PostCreatedEnvelope = { "id": string; "type": "post:created"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": PostCreated };

/** A post in a discussion that you watch was deleted: its place stays, its text is gone. */
export type PostDeleted = { "post": PostView };

/** A post in a discussion that you watch was deleted: its place stays, its text is gone. */
export type PostDeletedEnvelope = { "id": string; "type": "post:deleted"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": PostDeleted };

/** A post in a discussion that you watch has a new text, or was hidden, or is shown again. */
export type PostEdited = { "post": PostView };

/** A post in a discussion that you watch has a new text, or was hidden, or is shown again. */
export type PostEditedEnvelope = { "id": string; "type": "post:edited"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": PostEdited };

/** A deleted post in a discussion that you watch is back. */
export type PostRestored = { "post": PostView };

/** A deleted post in a discussion that you watch is back. */
export type PostRestoredEnvelope = { "id": string; "type": "post:restored"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": PostRestored };

/** A post. `html` is safe to show as it is; both texts are empty once it is deleted or hidden. */
export type PostView = { "id": string; "thread_id": string; "n": number; "version": number; "author": AuthorView; "parent_id": string | null; "reply_to": string | null; "depth": number; "content": string; "html": string; "mentions": Array<string>; "votes": number; "createdAt": string; "edited_at": string | null; "deleted": boolean; "hidden": boolean };

/** A post in a discussion that you watch has so many votes now. */
export type PostVoted = { "thread_id": string; "post_id": string; "n": number; "version": number; "votes": number };

/** A post in a discussion that you watch has so many votes now. */
export type PostVotedEnvelope = { "id": string; "type": "post:voted"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": PostVoted };

/** You chose otherwise what reaches you how, perhaps on another device. */
export type PreferencesChanged = { "preferences": PreferencesView };

/** You chose otherwise what reaches you how, perhaps on another device. */
export type PreferencesChangedEnvelope = { "id": string; "type": "preferences:changed"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": PreferencesChanged; "seq": number; "epoch": string };

/** What reaches you how, and when you want quiet. */
export type PreferencesView = { "topics": Array<TopicView>; "time_zone": string | null; "quiet": Array<QuietRange>; "quiet_channels": Array<Channel>; "digest_hour": number };

/** Somebody you share a conversation with came, went, or changed their status. */
export type PresenceChanged = { "presence": handlers__views__profiles__PresenceView };

/** Somebody you share a conversation with came, went, or changed their status. */
export type PresenceChangedEnvelope = { "id": string; "type": "presence:changed"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": PresenceChanged };

/** Why something was not done. `detail` and `message` are the same sentence, under the names of both worlds. */
export type Problem = { "type": string; "title": string; "status": number; "detail": string; "code": "invalid" | "malformed" | "unauthenticated" | "second_factor_required" | "token_expired" | "refresh_reused" | "forbidden" | "account_banned" | "account_closing" | "sign_in_again" | "terms_not_accepted" | "warning_unread" | "muted" | "email_unconfirmed" | "not_found" | "unknown_operation" | "method_not_allowed" | "conflict" | "under_way" | "identity_unlinked" | "invalid_transition" | "first_contacts_used" | "request_waiting" | "call_full" | "call_locked" | "call_ended" | "too_large" | "unsupported_media_type" | "range_not_satisfiable" | "idempotency_key_reused" | "rate_limited" | "internal" | "unavailable" | "maintenance"; "message": string; "retryable": boolean; "retry_after_ms"?: number | null; "fields"?: Array<server__problems__Fault> | null; "current"?: Record<string, unknown> | null; "request_id": string };

/** How one web process is doing; what is counted, a second. */
export type ProcessView = { "process": string; "sockets": number; "asked": number; "told": number; "failed": number; "lag_ms": number; "answer_ms": number };

/** Whom to make an admin. */
export type PromotePerson = { "thread_id": string; "user_id": string };

/** So many lessons beside a swap, at the same time by the clock on the wall. */
export type ProposeSeries = { "client_id"?: string | null; "swap_id": string; "start": string; "time_zone": string; "every_weeks"?: number; "count": number; "duration_minutes"?: number; "without"?: Array<number> };

/** Which draft, or what was archived. */
export type PublishGig = { "gig_id": string };

/** With which what is sent is encrypted, so that nobody on the way can read it. */
export type PushKeys = { "p256dh": string; "auth": string };

/** A device that is told also while it is closed. */
export type PushSubscriptionView = { "id": string; "session_id": string; "device": string; "current": boolean; "createdAt": string };

/** How well a peer is connected, as its browser measures it. */
export type QualityReported = { "session_id": string; "peer_id": string; "round_trip_ms": number | null; "lost_share": number | null; "kilobits_per_second": number | null };

/** How well a peer is connected, as its browser measures it. */
export type QualityReportedEnvelope = { "id": string; "type": "call:quality"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": QualityReported };

/** What waits for somebody outside waits by itself: who does not answer keeps nothing else from being done. Letters wait also while there is no server that takes them. */
export type Queue = "work" | "letters" | "calendars" | "devices";

/** Quiet on some days, by the clock on your wall; where `end` is not later, it is on the day after. */
export type QuietChoice = { "days": Array<Weekday>; "start": string; "end": string };

/** Quiet on some days, by the clock on the person's wall: `22:00` to `07:00` ends on the day after. */
export type QuietRange = { "days": Array<Weekday>; "start": string; "end": string };

/** The message that is answered, as it was when it was quoted. */
export type QuoteView = { "message_id": string; "seq": number; "sender": string; "message_content": string };

/** Up, or down. */
export type RaiseHand = { "session_id": string; "raised": boolean };

/** How many of those who turn to somebody get an answer. */
export type Rate = "nearly_always" | "mostly" | "sometimes" | "rarely";

/** How often, and how well on average. */
export type Rated = { "count": number; "mean": number | null };

/** How somebody is rated by those they had swaps with; derived from reviews, never set. */
export type RatingsView = { "count": number; "mean": number | null; "score": number | null };

/** With which emoji. */
export type React = { "thread_id": string; "message_id": string; "emoji": string };

/** With which emoji. */
export type ReactInCall = { "session_id": string; "emoji": string };

/** In which call this connection has a seat. */
export type ReadyForCall = { "session_id": string };

/** `asked` until all who are there allow it and the recorder has come; `paused` while somebody does not. */
export type RecordingState = "off" | "asked" | "on" | "paused";

/** Whether it is recorded, who allows it, and what was recorded: uploads, for the people of the call. */
export type RecordingView = { "state": RecordingState; "consents": Array<string>; "files": Array<string> };

/** Which call. */
export type RejectCall = { "session_id": string };

/** How far somebody can be relied on: "kept 14 of 15". */
export type ReliabilityView = { "kept": number; "of": number; "user_id": string };

/** Whom no longer. */
export type RemoveBlock = { "user_id": string };

/** Whom. */
export type RemoveFavourite = { "user_id": string };

/** Which one of your own. */
export type RemoveItem = { "swap_id": string; "item_id": string };

/** Whom. */
export type RemovePeer = { "session_id": string; "peer_id": string };

/** Whom to remove; yourself to leave. */
export type RemovePerson = { "thread_id": string; "user_id": string };

/** The host does not let you in, or has put you out. Close everything; `for_good` says that you may not return. */
export type Removed = { "session_id": string; "peer_id": string; "for_good": boolean };

/** The host does not let you in, or has put you out. Close everything; `for_good` says that you may not return. */
export type RemovedEnvelope = { "id": string; "type": "call:removed"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": Removed };

/** The new title. */
export type RenameThread = { "thread_id": string; "title": string };

/** Which one, before it fades or after. */
export type RenewGig = { "gig_id": string };

/** A new access token for a live connection. */
export type Renewal = { "token": string };

/** The connection goes on with the new token. */
export type Renewed = { "expires_at": string };

/** What the reviewed person says to it, for everybody. */
export type Reply = { "text": string; "at": string };

/** What you say to it, for everybody. */
export type ReplyToReview = { "review_id": string; "text": string };

/** What `getStats()` of your browser says. */
export type ReportQuality = { "session_id": string; "round_trip_ms"?: number | null; "lost_share"?: number | null; "kilobits_per_second"?: number | null };

/** Staff has looked at what you reported. */
export type ReportUpdated = { "report": ReportView };

/** Staff has looked at what you reported. */
export type ReportUpdatedEnvelope = { "id": string; "type": "report:updated"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": ReportUpdated; "seq": number; "epoch": string };

/** Something that you reported, and what became of it. */
export type ReportView = { "id": string; "kind": Thing; "thing_id": string; "reason": store__reports__Fault; "words": string; "state": CaseState; "createdAt": string; "closed_at": string | null };

/** Whom to ask, for what, when. */
export type RequestSwap = { "client_id"?: string | null; "requestor"?: string | null; "responder": string; "gig"?: string | null; "offered_skill": string; "desired_skill": string; "scheduled_time": string; "duration_minutes"?: number; "time_zone"?: string | null; "mode"?: store__swaps__Mode | null; "note"?: string; "credit_minutes"?: number; "credit_from"?: string | null };

/** A stranger turned to somebody, who has not answered. Whoever asked is not told of a refusal. */
export type RequestView = { "by": string; "declined": boolean };

/** How somebody answers those who turn to them; `pace` is null for who does not. */
export type ResponseView = { "rate": Rate; "pace": Pace | null };

/** Which message. */
export type RestoreMessage = { "thread_id": string; "message_id": string };

/** Which post. */
export type RestorePost = { "thread_id": string; "post_id": string };

/** Which seat, and what the answer to `call:join` gave you for it. */
export type ResumeCall = { "session_id": string; "peer_id": string; "resume_secret": string };

/** Which paused one. */
export type ResumeGig = { "gig_id": string };

/** A part of somebody's reviews, and what all of them come to. */
export type ReviewPage = { "items": Array<ReviewView>; "next_cursor": string | null; "ratings": RatingsView; "criteria": Record<string, Rated>; "skills": Array<SkillRated> };

/** A review can be read by everybody: both sides wrote one, or the time for it is over. */
export type ReviewPublished = { "review": ReviewView };

/** A review can be read by everybody: both sides wrote one, or the time for it is over. */
export type ReviewPublishedEnvelope = { "id": string; "type": "review:published"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": ReviewPublished; "seq": number; "epoch": string };

/** The reviewed person replied. */
export type ReviewUpdated = { "review": ReviewView };

/** The reviewed person replied. */
export type ReviewUpdatedEnvelope = { "id": string; "type": "review:updated"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": ReviewUpdated; "seq": number; "epoch": string };

/** What somebody says of a person they had a swap with. */
export type ReviewView = { "id": string; "reviewer": string; "reviewee": string; "author": AuthorView; "rating": number; "comments": string; "associated_swap_request": string; "held": boolean; "criteria": Record<string, number>; "skills": Array<SkillRating>; "reply": Reply | null; "published_at": string | null; "version": number; "createdAt": string; "updatedAt": string };

/** Whom to ring, once more or for the first time. */
export type RingPerson = { "session_id": string; "user_id": string };

/** Somebody who was rung. A device rings while its person's `answer` is `ringing` and `until` has not come. */
export type RingView = { "user_id": string; "answer": Answer; "until": string };

/** The room has another host, or was locked or opened. */
export type RoomUpdated = { "session_id": string; "host": string; "locked": boolean };

/** The room has another host, or was locked or opened. */
export type RoomUpdatedEnvelope = { "id": string; "type": "call:room_updated"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": RoomUpdated };

/** The room as you see it from your seat. In the lobby nobody is seen. */
export type RoomView = { "session_id": string; "peer_id": string; "state": signaling__seats__State; "host": string; "locked": boolean; "lobby": boolean; "capacity": number; "started_at": string | null; "closes_at": string; "peers": Array<PeerView>; "polite_to": Array<string>; "waiting": Array<PeerView>; "signals": Array<SignalView> };

/** Which message. */
export type SaveMessage = { "thread_id": string; "message_id": string };

/** What is looked for, as in `GET /gigs/`, and how soon you hear of what is new. */
export type SaveSearch = { "client_id"?: string | null; "name": string; "filters": Filters_Input; "frequency"?: Frequency };

/** A search that is kept. */
export type SavedSearchView = { "id": string; "name": string; "filters": Filters_Output; "frequency": Frequency; "createdAt": string };

/** You keep a search no longer. */
export type SearchDeleted = { "search_id": string };

/** You keep a search no longer. */
export type SearchDeletedEnvelope = { "id": string; "type": "search:deleted"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": SearchDeleted; "seq": number; "epoch": string };

/** Something came to a list that you watch, or changed so that it belongs there. */
export type SearchMatched = { "watch_id": string; "gig": MatchedGigView };

/** Something came to a list that you watch, or changed so that it belongs there. */
export type SearchMatchedEnvelope = { "id": string; "type": "search:matched"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": SearchMatched };

/** Which words; the last one may be the beginning of a word. */
export type SearchMessages = { "q": string; "thread_id"?: string | null; "cursor"?: string | null; "limit"?: number };

/** A search of one's own, by its name. */
export type SearchNameView = { "id": string; "name": string };

/** For what; the last word may be the beginning of one. */
export type SearchPosts = { "q": string; "cursor"?: string | null; "limit"?: number };

/** You keep a search, or changed one, by one of your devices. */
export type SearchSaved = { "search": SavedSearchView };

/** You keep a search, or changed one, by one of your devices. */
export type SearchSavedEnvelope = { "id": string; "type": "search:saved"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": SearchSaved; "seq": number; "epoch": string };

/** Something is no longer in a list that you watch: changed, paused, deleted, or put away by staff. */
export type SearchUnmatched = { "watch_id": string; "gig_id": string };

/** Something is no longer in a list that you watch: changed, paused, deleted, or put away by staff. */
export type SearchUnmatchedEnvelope = { "id": string; "type": "search:unmatched"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": SearchUnmatched };

/** Your seat. Keep `resume_secret` in memory: with it another connection takes the seat over. */
export type SeatView = { "session_id": string; "peer_id": string; "state": signaling__seats__State; "resume_secret": string; "ice": IceView };

/** What to say, and where. */
export type SendMessage = { "client_id"?: string | null; "thread_id": string; "message_content": string; "sender"?: string | null; "reply_to"?: string | null; "mentions"?: Array<string>; "attachment_reference"?: string | null };

/** To whom, and one of: a description, candidates, that there are no more of them. */
export type SendSignal = { "session_id": string; "to": string; "generation": number; "description"?: Description | null; "candidates"?: Array<Candidate_Input>; "end_of_candidates"?: boolean };

/** A series of lessons was proposed, agreed on, changed in one lesson, or ended. As it is now. */
export type SeriesUpdated = { "series": SeriesView; "by": string };

/** A series of lessons was proposed, agreed on, changed in one lesson, or ended. As it is now. */
export type SeriesUpdatedEnvelope = { "id": string; "type": "series:updated"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": SeriesUpdated; "seq": number; "epoch": string };

/** A series beside a swap. Of two copies keep the one with the higher version. */
export type SeriesView = { "swap_id": string; "state": store__series__State; "turn": string | null; "people": [string, string]; "start": string; "time_zone": string; "every_weeks": number; "count": number; "duration_minutes": number; "lessons": Array<handlers__views__series__LessonView>; "version": number; "createdAt": string; "updatedAt": string };

/** All of it, in the place of what was said before. */
export type SetAvailability = { "time_zone"?: string | null; "weekly": WeeklyHours_Input; "overrides"?: Array<OtherDay>; "buffer_before_minutes"?: number; "buffer_after_minutes"?: number; "notice_minutes"?: number; "ahead_days"?: number; "slot_minutes"?: number; "step_minutes"?: number };

/** What shall change; what is left out stays. */
export type SetPreferences = { "topics"?: Array<TopicChoice>; "time_zone"?: string | null; "quiet"?: Array<QuietChoice> | null; "quiet_channels"?: Array<"push" | "email"> | null; "digest_hour"?: number | null };

/** What others shall see while you are there. */
export type SetPresence = { "status"?: "online" | "away" | "busy" | "invisible"; "text"?: string | null; "until"?: string | null };

/** What, and to whom. */
export type ShareContact = { "user_id": string; "shares": Array<Contact> };

/** What of you can be heard and seen. */
export type ShowMedia = { "session_id": string; "mic": boolean; "camera": boolean; "screen"?: string | null };

/** A peer says something to you: a description, candidates, or that there are no more. */
export type SignalSent = { "session_id": string; "signal": SignalView };

/** A peer says something to you: a description, candidates, or that there are no more. */
export type SignalSentEnvelope = { "id": string; "type": "call:signal"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": SignalSent };

/** What a peer says to you. `n` counts what it has said to you, from 1: one that is not higher is a repeat. */
export type SignalView = { "session_id": string; "from": string; "generation": number; "n": number; "description": Description | null; "candidates": Array<Candidate_Output>; "end_of_candidates": boolean };

/** The last durable event a client has, by the numbers of its audience's feed. */
export type Since = { "epoch": string; "seq": number };

/** What is kept of a file; of one that is no picture, the original alone. */
export type Size = "original" | "preview" | "thumbnail";

/** The same for one skill. */
export type SkillRated = { "count": number; "mean": number | null; "key": string; "name": string };

/** How well somebody taught one skill; equal keys are equal skills. */
export type SkillRating = { "key": string; "name": string; "rating": number };

/** A skill of the swap, by any of its names. */
export type SkillRatingGiven = { "name": string; "rating": number };

/** A skill that somebody teaches or wants to learn; equal keys are equal skills, whatever they are called. */
export type SkillView = { "key": string; "name": string; "level": Level; "years": number | null };

/** Some skills, and the categories that all are sorted into. */
export type SkillsView = { "items": Array<DirectorySkillView>; "categories": Array<string>; "next_cursor": string | null };

/** A time at which two people can meet, in UTC and by both their clocks. */
export type SlotView = { "start": string; "end": string; "yours": ByTheClockView; "theirs": ByTheClockView | null };

/** Times at which two people can meet, in order; `next_cursor` brings more of them, null at the end. */
export type SlotsView = { "items": Array<SlotView>; "next_cursor": string | null; "time_zone": string; "their_time_zone": string | null; "hours_known": boolean };

/** In which order. `distance` and `newest` within it are by the position that is kept, which is coarse. */
export type Sort = "relevance" | "newest" | "distance" | "rating" | "availability";

/** A time that somebody was there. */
export type SpanView = { "user_id": string; "joined_at": string; "left_at": string | null };

/** How one of the web processes is doing, every two seconds; to those who watch. */
export type StaffFigures = { "process": ProcessView };

/** How one of the web processes is doing, every two seconds; to those who watch. */
export type StaffFiguresEnvelope = { "id": string; "type": "staff:figures"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": StaffFigures };

/** A case of the queue that you watch is new, or changed: fetch it. Nobody is named here. */
export type StaffReport = { "case_id": string; "kind": Thing; "state": CaseState; "count": number; "version": number };

/** A case of the queue that you watch is new, or changed: fetch it. Nobody is named here. */
export type StaffReportEnvelope = { "id": string; "type": "staff:report"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": StaffReport };

/** How far somebody is trusted; reckoned when it is asked for. */
export type Standing = "newcomer" | "member" | "trusted";

/** Changes are refused to all but staff from now on, or no longer; also sent after `hello` while they are. */
export type Standstill = { "on": boolean; "words": string };

/** Where. */
export type StartTyping = { "thread_id": string };

/** Staff did something to you, or to something of yours: why, by which rule, until when, and how to appeal. */
export type StatementCreated = { "statement": StatementView };

/** Staff did something to you, or to something of yours: why, by which rule, until when, and how to appeal. */
export type StatementCreatedEnvelope = { "id": string; "type": "statement:created"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": StatementCreated; "seq": number; "epoch": string };

/** What staff did is acknowledged, appealed against, decided anew or taken back. */
export type StatementUpdated = { "statement": StatementView };

/** What staff did is acknowledged, appealed against, decided anew or taken back. */
export type StatementUpdatedEnvelope = { "id": string; "type": "statement:updated"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": StatementUpdated; "seq": number; "epoch": string };

/** What staff did, why, by which rule and until when, and how to appeal. */
export type StatementView = { "id": string; "measure": Measure; "reason": string; "rule": string; "until": string | null; "about": string | null; "in_force": boolean; "createdAt": string; "acknowledged_at": string | null; "ended_at": string | null; "appeal": AppealView | null; "appeal_by": string };

/** What you did this month. */
export type StatsView = { "swaps": TrendView; "minutes": TrendView; "points": TrendView; "partners": TrendView };

/** One thing that was done to a swap, and what it was afterwards. */
export type StepView = { "action": Action; "by": string | null; "at": string; "status": store__swaps__Status; "why": string; "old_time": string | null; "new_time": string | null };

/** Which swap of yours. */
export type StopSync = { "swap_id": string };

/** Where. */
export type StopTyping = { "thread_id": string };

/** Which swap, and how it was. */
export type SubmitReview = { "client_id"?: string | null; "rating": number; "comments"?: string; "criteria"?: Record<string, number>; "skills"?: Array<SkillRatingGiven>; "was_appropriate"?: boolean; "private_note"?: string; "reviewer"?: string | null; "reviewee"?: string | null; "associated_swap_request": string };

/** What the browser's `PushManager.subscribe` gave: as its `toJSON` says it, without what is not named here. */
export type SubscribePush = { "endpoint": string; "keys": PushKeys };

/** What was typed so far; or a category, to look through. Without either the categories are answered. */
export type SuggestSkills = { "q"?: string; "category"?: string | null; "cursor"?: string | null; "limit"?: number };

/** Somebody asked for a swap. */
export type SwapCreated = { "swap": SwapView };

/** Somebody asked for a swap. */
export type SwapCreatedEnvelope = { "id": string; "type": "swap:created"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": SwapCreated; "seq": number; "epoch": string };

/** Nobody answered in time. */
export type SwapExpired = { "swap": SwapView };

/** Nobody answered in time. */
export type SwapExpiredEnvelope = { "id": string; "type": "swap:expired"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": SwapExpired; "seq": number; "epoch": string };

/** What was recorded in a call of a swap, with the consent of all: a file, which you fetch as any other. */
export type SwapRecordingView = { "id": string; "name": string; "in_use": boolean; "variants": Record<string, VariantView>; "createdAt": string; "session_id": string; "started": string | null };

/** An accepted swap is near, or a lesson beside it; told each of both by their own clock. */
export type SwapReminder = { "swap_id": string; "scheduled_time": string; "before": "24h" | "1h"; "lesson": number | null; "time": SlotView; "your_time_zone": string; "their_time_zone": string | null };

/** An accepted swap is near, or a lesson beside it; told each of both by their own clock. */
export type SwapReminderEnvelope = { "id": string; "type": "swap:reminder"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": SwapReminder; "seq": number; "epoch": string };

/** Something was done to a swap: the last entry of its history says what, and by whom. */
export type SwapUpdated = { "swap": SwapView };

/** Something was done to a swap: the last entry of its history says what, and by whom. */
export type SwapUpdatedEnvelope = { "id": string; "type": "swap:updated"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": SwapUpdated; "seq": number; "epoch": string };

/** A swap. Of two copies the one with the higher `version` is the later. */
export type SwapView = { "id": string; "requestor": string; "responder": string; "status": store__swaps__Status; "turn": string | null; "gig": string | null; "gig_snapshot": GigSnapshotView | null; "offered_skill": string; "desired_skill": string; "scheduled_time": string; "proposals": Array<string>; "duration_minutes": number; "time_zone": string; "mode": store__swaps__Mode; "note": string; "thread_id": string; "version": number; "history": Array<StepView>; "outcomes": Record<string, Outcome>; "delivered": Record<string, string>; "confirmed_by": Array<string>; "credit_minutes": number; "credit_from": string | null; "expires_at": string | null; "completes_at": string | null; "createdAt": string; "updatedAt": string };

/** Which swap of yours. */
export type SyncCalendar = { "swap_id": string };

/** The numbering starts anew, because the feed was lost: fetch by REST, and go on from here. */
export type SyncReset = { "epoch": string; "seq": number };

export type SyncState = "off" | "pending" | "synced" | "reconnect_required" | "failed";

/** A tag, and the skill that it names, if it is a known one: offers of it are found by this key. */
export type TagView = { "name": string; "skill": string | null };

/** What can be reported. */
export type Thing = "user" | "gig" | "message" | "thread" | "review" | "swap" | "discussion" | "post" | "call" | "upload";

/** A conversation was opened with you in it, as you see it now. */
export type ThreadCreated = { "thread": ThreadView };

/** A conversation was opened with you in it, as you see it now. */
export type ThreadCreatedEnvelope = { "id": string; "type": "thread:created"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": ThreadCreated; "seq": number; "epoch": string };

/** A conversation has reached a device of somebody up to a number. */
export type ThreadDelivered = { "thread_id": string; "user_id": string; "delivered_up_to": number };

/** A conversation has reached a device of somebody up to a number. */
export type ThreadDeliveredEnvelope = { "id": string; "type": "thread:delivered"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": ThreadDelivered; "seq": number; "epoch": string };

/** You are not in this conversation any more. */
export type ThreadLeft = { "thread_id": string };

/** You are not in this conversation any more. */
export type ThreadLeftEnvelope = { "id": string; "type": "thread:left"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": ThreadLeft; "seq": number; "epoch": string };

/** Somebody has read a conversation up to a number. Their own devices hear it also when the mark is private. */
export type ThreadRead = { "thread_id": string; "user_id": string; "read_up_to": number };

/** Somebody has read a conversation up to a number. Their own devices hear it also when the mark is private. */
export type ThreadReadEnvelope = { "id": string; "type": "thread:read"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": ThreadRead; "seq": number; "epoch": string };

/** A conversation changed: its people, its title, or how you keep it. As you see it now. */
export type ThreadUpdated = { "thread": ThreadView };

/** A conversation changed: its people, its title, or how you keep it. As you see it now. */
export type ThreadUpdatedEnvelope = { "id": string; "type": "thread:updated"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": ThreadUpdated; "seq": number; "epoch": string };

/** A conversation as one of its people sees it. */
export type ThreadView = { "id": string; "kind": store__threads__Kind; "title": string | null; "participants": Array<string>; "admins": Array<string>; "gig": string | null; "swap": string | null; "last_seq": number; "last_message": ExcerptView | null; "unread_count": number; "read_up_to": number; "muted_until": string | null; "archived": boolean; "pinned": Array<string>; "request": RequestView | null; "createdAt": string; "last_activity": string };

/** What one joins with. It is yours alone, names the call, you and what you may, and is good for a minute. */
export type TokenView = { "token": string; "permissions": string; "expires_at": string };

/** What a notification is about; people choose by these what reaches them how. */
export type Topic = "messages" | "swaps" | "reminders" | "matches" | "gigs" | "saved_searches" | "reviews" | "calls" | "forum" | "achievements" | "account" | "moderation";

/** By which channels a topic shall reach you, and by no others. */
export type TopicChoice = { "topic": Topic; "channels": Array<Channel> };

/** How one topic reaches you; what is `locked` cannot be switched off. */
export type TopicView = { "topic": Topic; "description": string; "channels": Array<Channel>; "locked": Array<Channel> };

/** To whom. */
export type TransferCall = { "session_id": string; "peer_id": string };

/** Minutes that one gave to another for a swap. */
export type TransferView = { "id": string; "giver": string; "receiver": string; "minutes": number; "swap": string; "reverses": string | null; "at": string };

/** A number of this month until now, and of the whole month before. */
export type TrendView = { "value": number; "previous": number; "change_percent": number | null };

/** With nobody but the server's own peer. */
export type TryCall = { "client_id"?: string | null };

/** Which of one's own. */
export type TryPush = { "subscription_id": string };

/** Somebody is writing, or stopped. Forget it after `expires_in_ms` if nothing more is heard. */
export type TypingChanged = { "thread_id": string; "user_id": string; "typing": boolean; "expires_in_ms": number };

/** Somebody is writing, or stopped. Forget it after `expires_in_ms` if nothing more is heard. */
export type TypingChangedEnvelope = { "id": string; "type": "typing:changed"; "ts": string; "actor_id": string | null; "client_id"?: string | null; "data": TypingChanged };

/** Which post. */
export type UnacceptAnswer = { "thread_id": string; "post_id": string };

/** Which conversation. */
export type UnarchiveThread = { "thread_id": string };

/** Which one to keep no longer. */
export type UnbookmarkGig = { "gig_id": string };

/** Which message. */
export type UnpinMessage = { "thread_id": string; "message_id": string };

/** Which reaction to take back. */
export type Unreact = { "thread_id": string; "message_id": string; "emoji": string };

/** What you have not read. */
export type UnreadView = { "messages": number; "notifications": number };

/** Which message. */
export type UnsaveMessage = { "thread_id": string; "message_id": string };

/** To whom no longer. */
export type UnshareContact = { "user_id": string };

/** Which of one's own. */
export type UnsubscribePush = { "subscription_id": string };

/** Which post. */
export type UnvotePost = { "thread_id": string; "post_id": string };

/** The whole queue. */
export type UnwatchCases = {  };

/** One's own. */
export type UnwatchDashboard = {  };

/** Which discussion. */
export type UnwatchDiscussion = { "thread_id": string };

/** No longer. */
export type UnwatchFigures = {  };

/** Which one. */
export type UnwatchSearch = { "watch_id": string };

/** Nothing to say: what you have is reckoned from what you did. */
export type UpdateAchievements = {  };

/** The fields to change; those left out stay. */
export type UpdateGig = { "gig_id": string; "version"?: number | null; "kind"?: Kind_Input | null; "title"?: string | null; "description"?: string | null; "images"?: Array<string> | null; "offered_skills"?: Array<string> | null; "desired_skills"?: Array<string> | null; "mode"?: store__profiles__Mode | null; "category"?: "technology" | "languages" | "music" | "arts-and-design" | "crafts" | "cooking" | "sports" | "dance" | "science" | "school" | "business" | "writing" | "home-and-repair" | "gardening-and-animals" | "wellbeing" | "games-and-stage" | "life" | null; "tags"?: Array<string> | null; "level"?: Level | null; "languages"?: Array<string> | null; "location"?: LocationGiven | null; "notice_hours"?: number | null };

/** What to do, by `action` or by the status that it leads to, and what it needs to know. */
export type UpdateSwap = { "swap_id": string; "version"?: number | null; "reason"?: string; "action"?: Action | null; "status"?: store__swaps__Status | null; "scheduled_time"?: string | null; "slots"?: Array<string> | null; "slot"?: string | null; "delivered"?: string | null };

/** When somebody is not to be asked; without an end until they say so. */
export type Vacation = { "since": string; "until": string | null; "note": string | null };

/** A file in one size; of what is no picture the pixels are null. */
export type VariantView = { "url": string; "media_type": string; "size": number; "width": number | null; "height": number | null };

/** Which post. */
export type VoteForPost = { "thread_id": string; "post_id": string };

/** The whole queue. */
export type WatchCases = {  };

/** One's own. */
export type WatchDashboard = {  };

/** Which discussion. */
export type WatchDiscussion = { "thread_id": string };

/** Every few seconds, by `staff:figures`, until `figures:unwatch` or the connection's end. */
export type WatchFigures = {  };

/** What is looked for, as in `GET /gigs/`. */
export type WatchSearch = { "filters": Filters_Input };

/** A list that is watched. */
export type WatchView = { "watch_id": string; "expires_at": string };

export type Weekday = "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday";

/** When somebody wants to meet, week by week. */
export type WeeklyHours_Input = { "monday"?: Array<OpenHours>; "tuesday"?: Array<OpenHours>; "wednesday"?: Array<OpenHours>; "thursday"?: Array<OpenHours>; "friday"?: Array<OpenHours>; "saturday"?: Array<OpenHours>; "sunday"?: Array<OpenHours> };

/** When somebody wants to meet, week by week. */
export type WeeklyHours_Output = { "monday": Array<OpenHours>; "tuesday": Array<OpenHours>; "wednesday": Array<OpenHours>; "thursday": Array<OpenHours>; "friday": Array<OpenHours>; "saturday": Array<OpenHours>; "sunday": Array<OpenHours> };

export type What = "signed_up" | "signed_in" | "signed_out" | "session_ended" | "refresh_reused" | "new_device" | "password_changed" | "password_reset" | "email_confirmed" | "phone_confirmed" | "email_change_asked" | "email_changed" | "second_factor_on" | "second_factor_off" | "recovery_code_used" | "recovery_codes_made" | "identity_linked" | "identity_unlinked" | "export_asked" | "export_ready" | "export_failed" | "export_deleted" | "terms_accepted" | "role_changed" | "banned" | "ban_lifted" | "appeal_decided" | "deletion_asked" | "deletion_undone";

/** Why a peer is not in the room any more. */
export type WhyLeft = "left" | "lost" | "replaced" | "removed";

export type Window = "day" | "week" | "month" | "all";

/** Something that shows what somebody can do: a file, or a page elsewhere. */
export type WorkView = { "title": string; "upload_id": string | null; "url": string | null; "link": string | null };

/** A new item, or what is to be otherwise of one. */
export type WriteItem = { "swap_id": string; "item_id": string; "version"?: number | null; "text"?: string | null; "link"?: string | null; "upload"?: string | null; "done"?: boolean | null };

/** A review as who wrote it sees it. Until it is published they may change it, and nobody else reads it. */
export type WrittenReviewView = { "id": string; "reviewer": string; "reviewee": string; "rating": number; "comments": string; "associated_swap_request": string; "held": boolean; "criteria": Record<string, number>; "skills": Array<SkillRating>; "was_appropriate": boolean; "private_note": string; "reply": Reply | null; "published_at": string | null; "hidden": HiddenReview | null; "version": number; "createdAt": string; "updatedAt": string };

/** A skill that one teaches and the other wants to learn: how well it is known, and how well it is wanted. */
export type handlers__views__matches__LessonView = { "key": string; "name": string; "level": Level; "wanted_level": Level };

/** Whether somebody is there, as they let others see it. */
export type handlers__views__profiles__PresenceView = { "user_id": string; "status": store__users__Status; "text": string | null; "last_seen": string | null; "in_call": boolean };

/** One lesson: when it is held, or was planned if it was called off; in UTC and by the clock of the series. */
export type handlers__views__series__LessonView = { "number": number; "state": LessonState; "start": string; "end": string; "local": ByTheClockView; "planned_start": string; "proposed_start": string | null; "proposed_by": string | null };

/** How long somebody was in the calls of a swap, from when until when. */
export type handlers__views__swaps__PresenceView = { "user_id": string; "seconds": number; "first_at": string | null; "last_at": string | null };

/** One fault of one field. */
export type server__problems__Fault = { "field": string; "code": string; "message": string };

export type signaling__seats__State = "waiting" | "arriving" | "in" | "reconnecting";

/** What is agreed to. */
export type store__consent_log__Kind = "terms" | "recording" | "contact" | "calendar" | "place";

/** Whether somebody offers to teach, or asks for somebody who does; a request may offer nothing. */
export type store__gigs__Kind = "offer" | "request";

export type store__gigs__Status = "draft" | "active" | "paused" | "archived";

export type store__jobs__State = "waiting" | "done" | "failed";

/** How people meet. */
export type store__profiles__Mode = "online" | "offline" | "both";

/** What somebody says is wrong with it. */
export type store__reports__Fault = "spam" | "scam" | "harassment" | "hate" | "sexual" | "violence" | "impersonation" | "privacy" | "other";

export type store__series__State = "proposed" | "agreed" | "ended";

export type store__swaps__Mode = "online" | "offline";

export type store__swaps__Status = "pending" | "countered" | "accepted" | "completed" | "rejected" | "cancelled" | "expired" | "no_show" | "disputed";

export type store__threads__Kind = "pair" | "group";

export type store__users__Status = "online" | "away" | "busy" | "invisible" | "offline";

export type ExportDeleteAck = Done_NoneType_ | Failed;

export type ConsentListAck = Done_Page_ConsentView__ | Failed;

export type PresenceGetAck = Done_Page_PresenceView__ | Failed;

export type PresenceSetAck = Done_PresenceView_ | Failed;

export type UserGetAck = Done_PersonView_ | Failed;

export type FavouriteListAck = Done_Page_PersonCardView__ | Failed;

export type FavouriteAddAck = Done_PersonCardView_ | Failed;

export type FavouriteRemoveAck = Done_NoneType_ | Failed;

export type ContactListAck = Done_Page_ContactShareView__ | Failed;

export type ContactShareAck = Done_ContactShareView_ | Failed;

export type ContactUnshareAck = Done_NoneType_ | Failed;

export type SkillSuggestAck = Done_SkillsView_ | Failed;

export type SkillGetAck = Done_DirectorySkillView_ | Failed;

export type BlockListAck = Done_Page_BlockView__ | Failed;

export type BlockAddAck = Done_BlockView_ | Failed;

export type BlockRemoveAck = Done_NoneType_ | Failed;

export type ReportCreateAck = Done_ReportView_ | Failed;

export type ReportListAck = Done_Page_ReportView__ | Failed;

export type StatementListAck = Done_Page_StatementView__ | Failed;

export type StatementAcknowledgeAck = Done_StatementView_ | Failed;

export type StatementAppealAck = Done_StatementView_ | Failed;

export type StaffWatchAck = Done_NoneType_ | Failed;

export type StaffUnwatchAck = Done_NoneType_ | Failed;

export type FiguresWatchAck = Done_FiguresView_ | Failed;

export type FiguresUnwatchAck = Done_NoneType_ | Failed;

export type ThreadListAck = Done_Page_ThreadView__ | Failed;

export type ThreadOpenAck = Done_ThreadView_ | Failed;

export type MessageSearchAck = Done_Page_MessageView__ | Failed;

export type ContactLeftAck = Done_FirstContactsView_ | Failed;

export type ThreadAcceptAck = Done_ThreadView_ | Failed;

export type ThreadDeclineAck = Done_ThreadView_ | Failed;

export type SavedListAck = Done_Page_MessageView__ | Failed;

export type ThreadGetAck = Done_ThreadView_ | Failed;

export type ThreadRenameAck = Done_ThreadView_ | Failed;

export type ThreadAddAck = Done_ThreadView_ | Failed;

export type ThreadRemoveAck = Done_NoneType_ | Failed;

export type ThreadPromoteAck = Done_ThreadView_ | Failed;

export type MarkListAck = Done_Page_MarkView__ | Failed;

export type MarkReadAck = Done_ThreadView_ | Failed;

export type MarkUnreadAck = Done_ThreadView_ | Failed;

export type MarkDeliveredAck = Done_NoneType_ | Failed;

export type ThreadMuteAck = Done_ThreadView_ | Failed;

export type ThreadArchiveAck = Done_ThreadView_ | Failed;

export type ThreadUnarchiveAck = Done_ThreadView_ | Failed;

export type MessageListAck = Done_MessagePage_ | Failed;

export type MessageSendAck = Done_MessageView_ | Failed;

export type MessageEditAck = Done_MessageView_ | Failed;

export type MessageDeleteAck = Done_MessageView_ | Failed;

export type MessageRestoreAck = Done_MessageView_ | Failed;

export type MessageReactAck = Done_MessageView_ | Failed;

export type MessageUnreactAck = Done_MessageView_ | Failed;

export type MessagePinAck = Done_ThreadView_ | Failed;

export type MessageUnpinAck = Done_ThreadView_ | Failed;

export type MessageSaveAck = Done_NoneType_ | Failed;

export type MessageUnsaveAck = Done_NoneType_ | Failed;

export type TypingStartAck = Done_NoneType_ | Failed;

export type TypingStopAck = Done_NoneType_ | Failed;

export type CallListAck = Done_Page_CallView__ | Failed;

export type CallCreateAck = Done_CallView_ | Failed;

export type CallTryAck = Done_CallView_ | Failed;

export type CallGetAck = Done_CallView_ | Failed;

export type CallRingAck = Done_CallView_ | Failed;

export type CallAcceptAck = Done_CallView_ | Failed;

export type CallRejectAck = Done_CallView_ | Failed;

export type CallCancelAck = Done_CallView_ | Failed;

export type CallEndAck = Done_CallView_ | Failed;

export type CallConsentAck = Done_CallView_ | Failed;

export type CallJoinAck = Done_SeatView_ | Failed;

export type CallResumeAck = Done_SeatView_ | Failed;

export type CallReadyAck = Done_RoomView_ | Failed;

export type CallLeaveAck = Done_NoneType_ | Failed;

export type CallSignalAck = Done_NoneType_ | Failed;

export type CallIceAck = Done_IceView_ | Failed;

export type CallMediaAck = Done_NoneType_ | Failed;

export type CallHandAck = Done_NoneType_ | Failed;

export type CallReactAck = Done_NoneType_ | Failed;

export type CallReportAck = Done_NoneType_ | Failed;

export type CallAdmitAck = Done_NoneType_ | Failed;

export type CallDenyAck = Done_NoneType_ | Failed;

export type CallLockAck = Done_NoneType_ | Failed;

export type CallMuteAck = Done_NoneType_ | Failed;

export type CallRemoveAck = Done_NoneType_ | Failed;

export type CallTransferAck = Done_NoneType_ | Failed;

export type GigListAck = Done_Page_GigView__ | Failed;

export type GigFacetsAck = Done_FacetsView_ | Failed;

export type GigCreateAck = Done_GigView_ | Failed;

export type GigBookmarkedAck = Done_Page_GigView__ | Failed;

export type GigMineAck = Done_Page_GigView__ | Failed;

export type GigGetAck = Done_GigView_ | Failed;

export type GigUpdateAck = Done_GigView_ | Failed;

export type GigDeleteAck = Done_NoneType_ | Failed;

export type GigPublishAck = Done_GigView_ | Failed;

export type GigPauseAck = Done_GigView_ | Failed;

export type GigResumeAck = Done_GigView_ | Failed;

export type GigRenewAck = Done_GigView_ | Failed;

export type GigArchiveAck = Done_GigView_ | Failed;

export type GigBookmarkAck = Done_NoneType_ | Failed;

export type GigUnbookmarkAck = Done_NoneType_ | Failed;

export type SearchListAck = Done_Page_SavedSearchView__ | Failed;

export type SearchSaveAck = Done_SavedSearchView_ | Failed;

export type SearchGetAck = Done_SavedSearchView_ | Failed;

export type SearchChangeAck = Done_SavedSearchView_ | Failed;

export type SearchDeleteAck = Done_NoneType_ | Failed;

export type SearchWatchAck = Done_WatchView_ | Failed;

export type SearchUnwatchAck = Done_NoneType_ | Failed;

export type MatchListAck = Done_Page_MatchView__ | Failed;

export type DiscussionListAck = Done_ForumPage_ | Failed;

export type PostSearchAck = Done_Page_FoundPostView__ | Failed;

export type DiscussionCreateAck = Done_DiscussionPage_ | Failed;

export type DiscussionGetAck = Done_DiscussionPage_ | Failed;

export type PostCreateAck = Done_PostView_ | Failed;

export type DiscussionEditAck = Done_DiscussionView_ | Failed;

export type PostEditAck = Done_PostView_ | Failed;

export type PostDeleteAck = Done_PostView_ | Failed;

export type PostRestoreAck = Done_PostView_ | Failed;

export type PostVoteAck = Done_PostView_ | Failed;

export type PostUnvoteAck = Done_PostView_ | Failed;

export type PostAcceptAck = Done_DiscussionView_ | Failed;

export type PostUnacceptAck = Done_DiscussionView_ | Failed;

export type DiscussionFollowedAck = Done_Page_DiscussionView__ | Failed;

export type DiscussionFollowAck = Done_DiscussionView_ | Failed;

export type DiscussionMuteAck = Done_DiscussionView_ | Failed;

export type DiscussionReadAck = Done_DiscussionView_ | Failed;

export type DiscussionWatchAck = Done_NoneType_ | Failed;

export type DiscussionUnwatchAck = Done_NoneType_ | Failed;

export type NotificationListAck = Done_Page_NotificationView__ | Failed;

export type BadgeGetAck = Done_BadgeView_ | Failed;

export type NotificationMarkReadAck = Done_BadgeView_ | Failed;

export type NotificationMarkAllReadAck = Done_BadgeView_ | Failed;

export type PreferencesGetAck = Done_PreferencesView_ | Failed;

export type PreferencesSetAck = Done_PreferencesView_ | Failed;

export type PushSubscribeAck = Done_PushSubscriptionView_ | Failed;

export type PushListAck = Done_Page_PushSubscriptionView__ | Failed;

export type PushUnsubscribeAck = Done_NoneType_ | Failed;

export type PushTestAck = Done_NoneType_ | Failed;

export type AvailabilityGetAck = Done_AvailabilityView_ | Failed;

export type AvailabilitySetAck = Done_AvailabilityView_ | Failed;

export type SlotsGetAck = Done_SlotsView_ | Failed;

export type SeriesGetAck = Done_SeriesView_ | Failed;

export type SeriesProposeAck = Done_SeriesView_ | Failed;

export type SeriesAcceptAck = Done_SeriesView_ | Failed;

export type SeriesEndAck = Done_SeriesView_ | Failed;

export type SeriesMoveAck = Done_SeriesView_ | Failed;

export type SeriesCancelAck = Done_SeriesView_ | Failed;

export type SwapRequestAck = Done_SwapView_ | Failed;

export type SwapListAck = Done_Page_SwapView__ | Failed;

export type SwapGetAck = Done_DatedSwapView_ | Failed;

export type SwapUpdateAck = Done_SwapView_ | Failed;

export type SwapCounterAck = Done_SwapView_ | Failed;

export type AgendaGetAck = Done_AgendaView_ | Failed;

export type AgendaWriteAck = Done_AgendaView_ | Failed;

export type AgendaRemoveAck = Done_AgendaView_ | Failed;

export type SwapAttendanceAck = Done_AttendanceView_ | Failed;

export type CreditListAck = Done_CreditPage_ | Failed;

export type ReliabilityGetAck = Done_ReliabilityView_ | Failed;

export type ReviewSubmitAck = Done_WrittenReviewView_ | Failed;

export type ReviewPendingAck = Done_Page_PendingReviewView__ | Failed;

export type ReviewWrittenAck = Done_Page_WrittenReviewView__ | Failed;

export type ReviewListAck = Done_ReviewPage_ | Failed;

export type ReviewEditAck = Done_WrittenReviewView_ | Failed;

export type ReviewReplyAck = Done_ReviewView_ | Failed;

export type AchievementListAck = Done_AchievementsView_ | Failed;

export type AchievementUpdateAck = Done_AchievementsView_ | Failed;

export type LeaderboardGetAck = Done_LeaderboardView_ | Failed;

export type DashboardGetAck = Done_DashboardView_ | Failed;

export type DashboardWatchAck = Done_NoneType_ | Failed;

export type DashboardUnwatchAck = Done_NoneType_ | Failed;

export type CalendarGetAck = Done_CalendarView_ | Failed;

export type CalendarDisconnectAck = Done_CalendarView_ | Failed;

export type CalendarSyncAck = Done_CalendarSyncView_ | Failed;

export type CalendarUnsyncAck = Done_CalendarSyncView_ | Failed;

export type CalendarStateAck = Done_CalendarSyncView_ | Failed;

export type AuthRefreshAck = Done_Renewed_ | Failed;

export type SyncSinceAck = Done_Missed_ | Failed;

export interface ClientToServer {
  /** Delete a copy, also one that is not ready: it can be fetched no more, and whoever is fetching it breaks off. The next can be asked for a day after this one was, as if it were there. */
  "export:delete": (asked: DeleteExport, ack: (answer: ExportDeleteAck) => void) => void;
  /** What you agreed to and took back, the last first: terms, recordings, contact data, your calendar, your place. */
  "consent:list": (asked: ListConsents, ack: (answer: ConsentListAck) => void) => void;
  /** Who of these people is there; left out is who shares no conversation with you, or answers none. */
  "presence:get": (asked: GetPresence, ack: (answer: PresenceGetAck) => void) => void;
  /** Say how you are to be seen: away, busy, not at all, or with a few words, until a moment if you like. It is kept also while you are not there; the answer is what others see now. */
  "presence:set": (asked: SetPresence, ack: (answer: PresenceSetAck) => void) => void;
  /** Somebody's profile, as far as they show it to who asks; what is null is not there, or not shown. Never the e-mail address; phone and address to a partner of an accepted swap, if the person gives them to that one. */
  "user:get": (asked: GetPerson, ack: (answer: UserGetAck) => void) => void;
  /** The people in your list, the last added first; who is not there any more is left out. */
  "favourite:list": (asked: ListFavourites, ack: (answer: FavouriteListAck) => void) => void;
  /** Put somebody into your list; they do not hear of it. */
  "favourite:add": (asked: AddFavourite, ack: (answer: FavouriteAddAck) => void) => void;
  /** Take somebody out of your list. */
  "favourite:remove": (asked: RemoveFavourite, ack: (answer: FavouriteRemoveAck) => void) => void;
  /** To whom you give your phone number or address, the last first. */
  "contact:list": (asked: ListContactShares, ack: (answer: ContactListAck) => void) => void;
  /** Agree that somebody sees your phone number or address while the two of you have an accepted swap. */
  "contact:share": (asked: ShareContact, ack: (answer: ContactShareAck) => void) => void;
  /** Take it back: from now on they see neither. */
  "contact:unshare": (asked: UnshareContact, ack: (answer: ContactUnshareAck) => void) => void;
  /** Suggest skills for what somebody types, in whatever language and spelling: the likeliest first. */
  "skill:suggest": (asked: SuggestSkills, ack: (answer: SkillSuggestAck) => void) => void;
  /** A skill of the directory, by its key. */
  "skill:get": (asked: GetSkill, ack: (answer: SkillGetAck) => void) => void;
  /** Whom you blocked, the last first. */
  "block:list": (asked: ListBlocks, ack: (answer: BlockListAck) => void) => void;
  /** Have nothing to do with somebody any more; they are not told, and nobody else is. Again changes nothing. Neither of you finds, reads of, writes to, calls or sees the other from now on; groups and the forum stay. What you gave each other of contact data is taken back, and they are no favourite of yours. */
  "block:add": (asked: AddBlock, ack: (answer: BlockAddAck) => void) => void;
  /** Let somebody back in, who is not told; what was taken back stays so. */
  "block:remove": (asked: RemoveBlock, ack: (answer: BlockRemoveAck) => void) => void;
  /** Report something that you see, to staff alone: whose it is does not learn of you. What it is now is kept as evidence. While staff has not looked, reporting it again answers what you said first. */
  "report:create": (asked: CreateReport, ack: (answer: ReportCreateAck) => void) => void;
  /** What you reported, the last first, and what became of it. */
  "report:list": (asked: ListReports, ack: (answer: ReportListAck) => void) => void;
  /** What staff did to you, the last first: why, by which rule, until when, and what became of your appeal. */
  "statement:list": (asked: ListStatements, ack: (answer: StatementListAck) => void) => void;
  /** Say that you have read a warning: everything is open to you again. You can appeal all the same. */
  "statement:acknowledge": (asked: Acknowledge, ack: (answer: StatementAcknowledgeAck) => void) => void;
  /** Say why something that staff did to you is wrong, once; somebody else of the staff decides. */
  "statement:appeal": (asked: AppealStatement, ack: (answer: StatementAppealAck) => void) => void;
  /** Hear by this connection at once what is reported, and what becomes of it, until you unwatch or leave. */
  "staff:watch": (asked: WatchCases, ack: (answer: StaffWatchAck) => void) => void;
  /** Hear no more of it. */
  "staff:unwatch": (asked: UnwatchCases, ack: (answer: StaffUnwatchAck) => void) => void;
  /** How the process that answers is doing, and what waits; over a socket, how each does from now on. */
  "figures:watch": (asked: WatchFigures, ack: (answer: FiguresWatchAck) => void) => void;
  /** Hear of the processes no longer. */
  "figures:unwatch": (asked: UnwatchFigures, ack: (answer: FiguresUnwatchAck) => void) => void;
  /** Your conversations, the last active first, with their last message and what you have not read. */
  "thread:list": (asked: ListThreads, ack: (answer: ThreadListAck) => void) => void;
  /** Open a conversation; two people have one for each offer or swap, and opening it again answers the same. */
  "thread:open": (asked: OpenThread, ack: (answer: ThreadOpenAck) => void) => void;
  /** Find messages in your conversations that hold every word, the newest first; accents and case do not matter. A page may hold fewer than asked for, or none, and still have one after it: go on while there is a `next_cursor`. */
  "message:search": (asked: SearchMessages, ack: (answer: MessageSearchAck) => void) => void;
  /** To how many strangers you may turn. Only those count who have not answered yet, and those for two weeks. */
  "contact:left": (asked: GetFirstContacts, ack: (answer: ContactLeftAck) => void) => void;
  /** Let a stranger write on, without a word; in a group, be seen and rung there. To answer does the same. */
  "thread:accept": (asked: AcceptRequest, ack: (answer: ThreadAcceptAck) => void) => void;
  /** Put what a stranger asks out of your list, muted; they are not told, and can write no more unless you do. */
  "thread:decline": (asked: DeclineRequest, ack: (answer: ThreadDeclineAck) => void) => void;
  /** The messages you saved, the last saved first; those of conversations you left are left out. */
  "saved:list": (asked: ListSaved, ack: (answer: SavedListAck) => void) => void;
  /** One of your conversations. */
  "thread:get": (asked: GetThread, ack: (answer: ThreadGetAck) => void) => void;
  /** Rename a group. */
  "thread:rename": (asked: RenameThread, ack: (answer: ThreadRenameAck) => void) => void;
  /** Add people to a group; they can read it from its first message. */
  "thread:add": (asked: AddPeople, ack: (answer: ThreadAddAck) => void) => void;
  /** Leave a group, or remove somebody from it as its admin; the eldest follows the last admin. */
  "thread:remove": (asked: RemovePerson, ack: (answer: ThreadRemoveAck) => void) => void;
  /** Make somebody an admin of a group. */
  "thread:promote": (asked: PromotePerson, ack: (answer: ThreadPromoteAck) => void) => void;
  /** How far everybody in a conversation has got, as far as they show it. */
  "mark:list": (asked: ListMarks, ack: (answer: MarkListAck) => void) => void;
  /** Say that you have read a conversation up to a message; an earlier one changes nothing. */
  "mark:read": (asked: MarkRead, ack: (answer: MarkReadAck) => void) => void;
  /** Set your own mark back, so that a message and what follows it count as unread; nobody else hears of it. */
  "mark:unread": (asked: MarkUnread, ack: (answer: MarkUnreadAck) => void) => void;
  /** Say that a conversation has reached a device of yours up to a message. */
  "mark:delivered": (asked: MarkDelivered, ack: (answer: MarkDeliveredAck) => void) => void;
  /** Mute a conversation until a moment: it goes on, and nothing calls your attention to it. */
  "thread:mute": (asked: MuteThread, ack: (answer: ThreadMuteAck) => void) => void;
  /** Put a conversation out of your list; a new message brings it back, unless it is muted. */
  "thread:archive": (asked: ArchiveThread, ack: (answer: ThreadArchiveAck) => void) => void;
  /** Put a conversation back into your list. */
  "thread:unarchive": (asked: UnarchiveThread, ack: (answer: ThreadUnarchiveAck) => void) => void;
  /** A part of a conversation, reachable to its first message. */
  "message:list": (asked: ListMessages, ack: (answer: MessageListAck) => void) => void;
  /** Write in a conversation; sending the same client_id again changes nothing. */
  "message:send": (asked: SendMessage, ack: (answer: MessageSendAck) => void) => void;
  /** Change the text of your message, within the window after it was sent. */
  "message:edit": (asked: EditMessage, ack: (answer: MessageEditAck) => void) => void;
  /** Delete a message for everybody: its author may, and an admin of a group; the place of it stays. */
  "message:delete": (asked: DeleteMessage, ack: (answer: MessageDeleteAck) => void) => void;
  /** Take your deletion of a message back, within the window after it. */
  "message:restore": (asked: RestoreMessage, ack: (answer: MessageRestoreAck) => void) => void;
  /** React to a message with an emoji; again changes nothing. */
  "message:react": (asked: React, ack: (answer: MessageReactAck) => void) => void;
  /** Take a reaction back; taking back what is not there changes nothing. */
  "message:unreact": (asked: Unreact, ack: (answer: MessageUnreactAck) => void) => void;
  /** Pin a message for everybody: either of two people may, and the admins of a group. */
  "message:pin": (asked: PinMessage, ack: (answer: MessagePinAck) => void) => void;
  /** Take a pin away. */
  "message:unpin": (asked: UnpinMessage, ack: (answer: MessageUnpinAck) => void) => void;
  /** Keep a message in your own list; nobody else sees it. */
  "message:save": (asked: SaveMessage, ack: (answer: MessageSaveAck) => void) => void;
  /** Take a message out of your list. */
  "message:unsave": (asked: UnsaveMessage, ack: (answer: MessageUnsaveAck) => void) => void;
  /** Say that you are writing; say it again every few seconds while you do. */
  "typing:start": (asked: StartTyping, ack: (answer: TypingStartAck) => void) => void;
  /** Say that you have stopped writing. */
  "typing:stop": (asked: StopTyping, ack: (answer: TypingStopAck) => void) => void;
  /** Your calls, the last first: those that are open, those that were, those that you missed. */
  "call:list": (asked: ListCalls, ack: (answer: CallListAck) => void) => void;
  /** Call the people of a conversation or a swap, or plan a call with them. A conversation has one open call at a time: if there is one already, `conflict` says which. Join that. */
  "call:create": (asked: CreateCall, ack: (answer: CallCreateAck) => void) => void;
  /** Call the server's own peer: it sends back what it hears and sees of you, and tells how it comes to it. */
  "call:try": (asked: TryCall, ack: (answer: CallTryAck) => void) => void;
  /** A call, with a token of your own to join it by. */
  "call:get": (asked: GetCall, ack: (answer: CallGetAck) => void) => void;
  /** Ring somebody of the conversation for a call that is open, again if they missed or refused it. */
  "call:ring": (asked: RingPerson, ack: (answer: CallRingAck) => void) => void;
  /** Answer a call; your other devices stop ringing. Then join it by the token in the answer. */
  "call:accept": (asked: AcceptCall, ack: (answer: CallAcceptAck) => void) => void;
  /** Refuse a call; your other devices stop ringing. */
  "call:reject": (asked: RejectCall, ack: (answer: CallRejectAck) => void) => void;
  /** Stop ringing; a call of yours that nobody has answered is over by that, unless it is planned: end that. */
  "call:cancel": (asked: CancelCall, ack: (answer: CallCancelAck) => void) => void;
  /** End a call for everybody: its host may, and either of two. */
  "call:end": (asked: EndCall, ack: (answer: CallEndAck) => void) => void;
  /** Allow that a call is recorded, or allow it no more. It is recorded while everybody in it allows it; who comes later and does not makes it pause. Whoever takes it back stops it, and it begins anew only once all allow it anew. After the call it deletes what was recorded. */
  "call:consent": (asked: ConsentToRecording, ack: (answer: CallConsentAck) => void) => void;
  /** Take a seat in a call by a token; then send `call:ready`. Your newest connection replaces an older one. */
  "call:join": (asked: JoinCall, ack: (answer: CallJoinAck) => void) => void;
  /** Take your seat over to this connection, after the line was lost; then send `call:ready`. Nobody is rung. */
  "call:resume": (asked: ResumeCall, ack: (answer: CallResumeAck) => void) => void;
  /** Say that you hear: the others are told of you, and you are told who is there and what was said to you. In the lobby it answers `waiting`; send it again after `call:admitted`. Of what you hear meanwhile take first what is in the answer. */
  "call:ready": (asked: ReadyForCall, ack: (answer: CallReadyAck) => void) => void;
  /** Leave a call. Of two people who called each other the one who leaves hangs up; else others stay in it. By the socket it is the seat of this connection, by REST whichever you have. */
  "call:leave": (asked: LeaveCall, ack: (answer: CallLeaveAck) => void) => void;
  /** Say something to one peer of the room that you are in: the relay of perfect negotiation. What is of an older generation, answers no offer, or offers against the impolite peer's offer is `conflict`. */
  "call:signal": (asked: SendSignal, ack: (answer: CallSignalAck) => void) => void;
  /** The STUN and TURN servers anew, before those you have expire; give them to `setConfiguration`. */
  "call:ice": (asked: GetIce, ack: (answer: CallIceAck) => void) => void;
  /** Say whether your microphone and camera are on, and which stream is your screen. */
  "call:media": (asked: ShowMedia, ack: (answer: CallMediaAck) => void) => void;
  /** Raise your hand, or take it down. */
  "call:hand": (asked: RaiseHand, ack: (answer: CallHandAck) => void) => void;
  /** React with an emoji; the others see it for the moment, and nothing keeps it. */
  "call:react": (asked: ReactInCall, ack: (answer: CallReactAck) => void) => void;
  /** Tell the others how well you are connected. */
  "call:report": (asked: ReportQuality, ack: (answer: CallReportAck) => void) => void;
  /** Let somebody in from the lobby. */
  "call:admit": (asked: AdmitPeer, ack: (answer: CallAdmitAck) => void) => void;
  /** Send somebody away from the lobby; they may knock again. */
  "call:deny": (asked: DenyPeer, ack: (answer: CallDenyAck) => void) => void;
  /** Let nobody new in, or anybody again. Who was in the call may come back to it. */
  "call:lock": (asked: LockCall, ack: (answer: CallLockAck) => void) => void;
  /** Ask somebody to be silent. Nobody is ever asked, or made, to be heard again. */
  "call:mute": (asked: MutePeer, ack: (answer: CallMuteAck) => void) => void;
  /** Put somebody out of the call, for good. */
  "call:remove": (asked: RemovePeer, ack: (answer: CallRemoveAck) => void) => void;
  /** Hand the call over: somebody else in it leads it from now on. */
  "call:transfer": (asked: TransferCall, ack: (answer: CallTransferAck) => void) => void;
  /** Find what people offer and ask for, by words, place and kind; the newest first, unless words say what matters. Anybody may look. A page may hold fewer than asked for, or none, and still have one after it: go on while there is a `next_cursor`. */
  "gig:list": (asked: ListGigs, ack: (answer: GigListAck) => void) => void;
  /** How many of what is found are of which kind, category, mode, level, language, skill and tag: to choose from. Exact of a few hundred; of more, and where little of it passes, `exact` is false and there are at least so many. */
  "gig:facets": (asked: CountGigs, ack: (answer: GigFacetsAck) => void) => void;
  /** Publish an offer or a request, or keep a draft of one. */
  "gig:create": (asked: CreateGig, ack: (answer: GigCreateAck) => void) => void;
  /** What you keep, the last first; what is paused, put away or gone is left out, until it is back. */
  "gig:bookmarked": (asked: ListBookmarked, ack: (answer: GigBookmarkedAck) => void) => void;
  /** Your own offers and requests, drafts and what is put away among them, the newest first. */
  "gig:mine": (asked: ListOwnGigs, ack: (answer: GigMineAck) => void) => void;
  /** An offer or a request. Anybody may look, unless it is a draft, paused, put away or hidden; its owner always. */
  "gig:get": (asked: GetGig, ack: (answer: GigGetAck) => void) => void;
  /** Change an offer or a request of yours; category, level, location and notice are cleared by null. */
  "gig:update": (asked: UpdateGig, ack: (answer: GigUpdateAck) => void) => void;
  /** Delete an offer or a request of yours, with its images; swaps about it keep what it said and showed. */
  "gig:delete": (asked: DeleteGig, ack: (answer: GigDeleteAck) => void) => void;
  /** Publish a draft, or again what was archived: for three months everybody finds it. */
  "gig:publish": (asked: PublishGig, ack: (answer: GigPublishAck) => void) => void;
  /** Let nobody find it for a while. */
  "gig:pause": (asked: PauseGig, ack: (answer: GigPauseAck) => void) => void;
  /** Let everybody find it again. */
  "gig:resume": (asked: ResumeGig, ack: (answer: GigResumeAck) => void) => void;
  /** Say that it still holds: three months more, from now on. */
  "gig:renew": (asked: RenewGig, ack: (answer: GigRenewAck) => void) => void;
  /** Put it away; it can be published again. */
  "gig:archive": (asked: ArchiveGig, ack: (answer: GigArchiveAck) => void) => void;
  /** Keep an offer or a request in a list of your own, and hear what becomes of it; nobody else sees that list. Again changes nothing. */
  "gig:bookmark": (asked: BookmarkGig, ack: (answer: GigBookmarkAck) => void) => void;
  /** Take it from your list, also when it is there for nobody else any more; what is not there changes nothing. */
  "gig:unbookmark": (asked: UnbookmarkGig, ack: (answer: GigUnbookmarkAck) => void) => void;
  /** The searches that you keep, at most 20. */
  "search:list": (asked: ListSearches, ack: (answer: SearchListAck) => void) => void;
  /** Keep a search: you hear of every offer or request of others that answers it from now on, once. */
  "search:save": (asked: SaveSearch, ack: (answer: SearchSaveAck) => void) => void;
  /** A search of yours. */
  "search:get": (asked: GetSearch, ack: (answer: SearchGetAck) => void) => void;
  /** Change a search of yours; what it found before is not told again. */
  "search:change": (asked: ChangeSearch, ack: (answer: SearchChangeAck) => void) => void;
  /** Keep a search no longer. */
  "search:delete": (asked: DeleteSearch, ack: (answer: SearchDeleteAck) => void) => void;
  /** Hear on this connection what comes to a list while you look at it; ask again before `expires_at` to go on. Of more than ten at once the one that would end first ends. */
  "search:watch": (asked: WatchSearch, ack: (answer: SearchWatchAck) => void) => void;
  /** Hear no more of a list on this connection. */
  "search:unwatch": (asked: UnwatchSearch, ack: (answer: SearchUnwatchAck) => void) => void;
  /** Your matches, the best first, and why each is one; who is on vacation is left out until they are back. */
  "match:list": (asked: ListMatches, ack: (answer: MatchListAck) => void) => void;
  /** The categories, and discussions with their posts counted, the last active first; anybody may read it. */
  "discussion:list": (asked: ListDiscussions, ack: (answer: DiscussionListAck) => void) => void;
  /** Posts that hold every word, the newest first, each with its discussion; anybody may search. */
  "post:search": (asked: SearchPosts, ack: (answer: PostSearchAck) => void) => void;
  /** Begin a discussion with a first post; you follow it from then on. */
  "discussion:create": (asked: CreateDiscussion, ack: (answer: DiscussionCreateAck) => void) => void;
  /** A discussion and its posts with their replies, page by page to the last; anybody may read it. */
  "discussion:get": (asked: GetDiscussion, ack: (answer: DiscussionGetAck) => void) => void;
  /** Answer in a discussion, or a post in it; sending the same client_id again changes nothing. */
  "post:create": (asked: CreatePost, ack: (answer: PostCreateAck) => void) => void;
  /** Change the title or the tags of a discussion that you began. */
  "discussion:edit": (asked: EditDiscussion, ack: (answer: DiscussionEditAck) => void) => void;
  /** Change the text of your post; what it was is kept for moderators. */
  "post:edit": (asked: EditPost, ack: (answer: PostEditAck) => void) => void;
  /** Delete a post of yours. Its place stays; with the last of its posts a discussion goes, too. */
  "post:delete": (asked: DeletePost, ack: (answer: PostDeleteAck) => void) => void;
  /** Take your deletion of a post back, within the window after it. */
  "post:restore": (asked: RestorePost, ack: (answer: PostRestoreAck) => void) => void;
  /** Vote for somebody's post; again changes nothing. */
  "post:vote": (asked: VoteForPost, ack: (answer: PostVoteAck) => void) => void;
  /** Take your vote back; taking back what is not there changes nothing. */
  "post:unvote": (asked: UnvotePost, ack: (answer: PostUnvoteAck) => void) => void;
  /** Say which post answers what you asked; one of a discussion can be it. */
  "post:accept": (asked: AcceptAnswer, ack: (answer: PostAcceptAck) => void) => void;
  /** Say that a post is not the answer after all. */
  "post:unaccept": (asked: UnacceptAnswer, ack: (answer: PostUnacceptAck) => void) => void;
  /** The discussions that you follow or ignore, those you came upon last first, and what you have not read in them. */
  "discussion:followed": (asked: ListFollowed, ack: (answer: DiscussionFollowedAck) => void) => void;
  /** Follow a discussion, or ignore it, or neither. */
  "discussion:follow": (asked: FollowDiscussion, ack: (answer: DiscussionFollowAck) => void) => void;
  /** Mute a discussion until a moment: it goes on, and nothing calls your attention to it. */
  "discussion:mute": (asked: MuteDiscussion, ack: (answer: DiscussionMuteAck) => void) => void;
  /** Say that you have read a discussion up to a post; an earlier one changes nothing. */
  "discussion:read": (asked: MarkDiscussionRead, ack: (answer: DiscussionReadAck) => void) => void;
  /** Hear at once what happens in a discussion, by this connection, until you unwatch or leave. Then read it. */
  "discussion:watch": (asked: WatchDiscussion, ack: (answer: DiscussionWatchAck) => void) => void;
  /** Hear no more of it. */
  "discussion:unwatch": (asked: UnwatchDiscussion, ack: (answer: DiscussionUnwatchAck) => void) => void;
  /** What you were notified of, the last first. */
  "notification:list": (asked: ListNotifications, ack: (answer: NotificationListAck) => void) => void;
  /** How much you have not read. */
  "badge:get": (asked: GetBadge, ack: (answer: BadgeGetAck) => void) => void;
  /** Say that you have read some; your other devices take them from their screens. */
  "notification:mark_read": (asked: MarkNotificationsRead, ack: (answer: NotificationMarkReadAck) => void) => void;
  /** Say that you have read everything, perhaps up to a moment. */
  "notification:mark_all_read": (asked: MarkAllNotificationsRead, ack: (answer: NotificationMarkAllReadAck) => void) => void;
  /** What reaches you how, and when you want quiet. */
  "preferences:get": (asked: GetPreferences, ack: (answer: PreferencesGetAck) => void) => void;
  /** Choose what reaches you how, and when you want quiet; what protects your account is told in any case. */
  "preferences:set": (asked: SetPreferences, ack: (answer: PreferencesSetAck) => void) => void;
  /** Have this device told also while it is closed, as long as its session lasts. Repeated, it changes nothing. */
  "push:subscribe": (asked: SubscribePush, ack: (answer: PushSubscribeAck) => void) => void;
  /** Your devices that are told also while they are closed. */
  "push:list": (asked: ListPushSubscriptions, ack: (answer: PushListAck) => void) => void;
  /** Tell a device of yours no longer while it is closed. */
  "push:unsubscribe": (asked: UnsubscribePush, ack: (answer: PushUnsubscribeAck) => void) => void;
  /** Push something to a device of yours now, to see whether it arrives. */
  "push:test": (asked: TryPush, ack: (answer: PushTestAck) => void) => void;
  /** When you said you want to meet; `is_set` is false until you say it. */
  "availability:get": (asked: GetAvailability, ack: (answer: AvailabilityGetAck) => void) => void;
  /** Say when you want to meet: hours of the week, days that are otherwise, and the room you need around a meeting. */
  "availability:set": (asked: SetAvailability, ack: (answer: AvailabilitySetAck) => void) => void;
  /** When you and somebody can meet: within the hours of both, beside all that either has booked or does elsewhere. In UTC, by your clock and by theirs. Nothing is held by asking; `hours_known` is false if they never said. */
  "slots:get": (asked: GetSlots, ack: (answer: SlotsGetAck) => void) => void;
  /** The lessons beside one of your swaps, each in UTC and by the clock of the series. */
  "series:get": (asked: GetSeries, ack: (answer: SeriesGetAck) => void) => void;
  /** Propose lessons week by week to the other one of an agreed swap; the clocks may change, the hour stays. The swap itself is none of them. Nothing is booked before the other side accepts. */
  "series:propose": (asked: ProposeSeries, ack: (answer: SeriesProposeAck) => void) => void;
  /** Agree to what the other side proposed: to the series, or to where they want to move lessons of it. All of it is booked for both, or nothing; then `current` lists who is busy and when. */
  "series:accept": (asked: AcceptSeries, ack: (answer: SeriesAcceptAck) => void) => void;
  /** Call off all lessons that are still to come, turn the proposal down, or take it back; the swap stays. */
  "series:end": (asked: EndSeries, ack: (answer: SeriesEndAck) => void) => void;
  /** Propose another time for one lesson; the others stay, and so does this one until the other side accepts. */
  "series:move": (asked: MoveLesson, ack: (answer: SeriesMoveAck) => void) => void;
  /** Call off one lesson; the others stay. */
  "series:cancel": (asked: CancelLesson, ack: (answer: SeriesCancelAck) => void) => void;
  /** Ask somebody for a swap; it opens a conversation of its own, in which all that happens to it is said. */
  "swap:request": (asked: RequestSwap, ack: (answer: SwapRequestAck) => void) => void;
  /** Your swaps, the last asked for first; perhaps of one status alone. */
  "swap:list": (asked: ListSwaps, ack: (answer: SwapListAck) => void) => void;
  /** One of your swaps, when that is by your clock and by theirs, and what was recorded of it. */
  "swap:get": (asked: GetSwap, ack: (answer: SwapGetAck) => void) => void;
  /** Answer a swap, propose another time, call it off, or say what became of it. */
  "swap:update": (asked: UpdateSwap, ack: (answer: SwapUpdateAck) => void) => void;
  /** Answer by other times, up to five, of which the other side may accept one. */
  "swap:counter": (asked: CounterSwap, ack: (answer: SwapCounterAck) => void) => void;
  /** What the two want to get out of one of your swaps, and what they share for it. */
  "agenda:get": (asked: GetAgenda, ack: (answer: AgendaGetAck) => void) => void;
  /** Put something into the agenda of a swap, word it otherwise, or tick it off; either of the two may. */
  "agenda:write": (asked: WriteItem, ack: (answer: AgendaWriteAck) => void) => void;
  /** Take something of your own out of the agenda, and its file with it; whatever became of the swap. */
  "agenda:remove": (asked: RemoveItem, ack: (answer: AgendaRemoveAck) => void) => void;
  /** Who was in the calls of a swap and for how long: before you say what became of it, and for who decides. */
  "swap:attendance": (asked: GetAttendance, ack: (answer: SwapAttendanceAck) => void) => void;
  /** Your time credit in minutes, and what you gave and got, the last first. */
  "credit:list": (asked: ListCredits, ack: (answer: CreditListAck) => void) => void;
  /** How many of somebody's swaps they kept, of those that somebody kept or broke their word in. */
  "reliability:get": (asked: GetReliability, ack: (answer: ReliabilityGetAck) => void) => void;
  /** Review a completed swap, or one that the other side broke, once. Nobody reads it until the other side wrote as well, or two weeks have passed. */
  "review:submit": (asked: SubmitReview, ack: (answer: ReviewSubmitAck) => void) => void;
  /** The swaps that you may still review, the last settled first; of two weeks, and so in one part. */
  "review:pending": (asked: ListPendingReviews, ack: (answer: ReviewPendingAck) => void) => void;
  /** What you wrote of others, the last first, also what nobody reads yet. */
  "review:written": (asked: ListWrittenReviews, ack: (answer: ReviewWrittenAck) => void) => void;
  /** What others say of a person, the last published first, and what it comes to. */
  "review:list": (asked: ListReviews, ack: (answer: ReviewListAck) => void) => void;
  /** Change what you wrote, until it is published. */
  "review:edit": (asked: EditReview, ack: (answer: ReviewEditAck) => void) => void;
  /** Say something to a review of you, for everybody; saying it again replaces it. */
  "review:reply": (asked: ReplyToReview, ack: (answer: ReviewReplyAck) => void) => void;
  /** All badges there are, what each is for, and how far you are. */
  "achievement:list": (asked: ListAchievements, ack: (answer: AchievementListAck) => void) => void;
  /** Reckon your own badges anew from what you did, and your points, a little later. Asked again it changes nothing; nobody awards themselves. */
  "achievement:update": (asked: UpdateAchievements, ack: (answer: AchievementUpdateAck) => void) => void;
  /** Who did most in a day, a week, a month or ever, perhaps of one skill or in one area; with your rank. Beside it stand those around you. Points count in the area in which one lived when one got them. */
  "leaderboard:get": (asked: GetLeaderboard, ack: (answer: LeaderboardGetAck) => void) => void;
  /** What you did this month and the months before, what comes next, and what waits for you. Watch it first, and you hear `dashboard:changed` whenever it is worth asking again. */
  "dashboard:get": (asked: GetDashboard, ack: (answer: DashboardGetAck) => void) => void;
  /** Hear that your dashboard has changed, by this connection, until you unwatch or leave. Then read it. */
  "dashboard:watch": (asked: WatchDashboard, ack: (answer: DashboardWatchAck) => void) => void;
  /** Hear no more of it. */
  "dashboard:unwatch": (asked: UnwatchDashboard, ack: (answer: DashboardUnwatchAck) => void) => void;
  /** Whether your Google calendar is connected, or has to be connected anew. */
  "calendar:get": (asked: GetCalendar, ack: (answer: CalendarGetAck) => void) => void;
  /** Have nothing written any more: what stands there of swaps to come is taken out, and Google told to forget us. */
  "calendar:disconnect": (asked: DisconnectCalendar, ack: (answer: CalendarDisconnectAck) => void) => void;
  /** Have a swap and the lessons beside it stand in your Google calendar, and follow there whatever becomes of them. It is written a moment later, as often as it takes: `state` says how far it has come, and `calendar:synced` tells. What you do to the swap or a lesson there is a wish: moved, it is proposed to the other side at that time; deleted, it is cancelled after a while, within which you may put it back. Asked for again it is there again. */
  "calendar:sync": (asked: SyncCalendar, ack: (answer: CalendarSyncAck) => void) => void;
  /** Have a swap and its lessons taken out of your Google calendar. Repeated, it changes nothing. */
  "calendar:unsync": (asked: StopSync, ack: (answer: CalendarUnsyncAck) => void) => void;
  /** How far a swap has come into your calendar. */
  "calendar:state": (asked: GetSync, ack: (answer: CalendarStateAck) => void) => void;
  /** Go on with a new access token, of the same session. */
  "auth:refresh": (asked: Renewal, ack: (answer: AuthRefreshAck) => void) => void;
  /** The durable events after a number, a hundred at most: to fill a hole in what you heard. */
  "sync:since": (asked: Since, ack: (answer: SyncSinceAck) => void) => void;
}

export interface ServerToClient {
  /** The first event on every connection. What was missed follows right after it, in order. */
  "hello": (event: Hello) => void;
  /** The numbering starts anew, because the feed was lost: fetch by REST, and go on from here. */
  "sync:reset": (event: SyncReset) => void;
  /** The access token of this connection expires soon: send auth:refresh. */
  "auth:expiring": (event: AuthExpiring) => void;
  /** Your session, or this connection, was ended; the socket is closed right after it. */
  "session:ended": (event: Ended) => void;
  /** The process of this connection ends: it goes on for a moment, and is closed then; connect anew at once. */
  "server:draining": (event: Draining) => void;
  /** Changes are refused to all but staff from now on, or no longer; also sent after `hello` while they are. */
  "server:maintenance": (event: Standstill) => void;
  /** Somebody wrote in a conversation. Its author's other devices hear it too. */
  "message:created": (event: MessageCreatedEnvelope) => void;
  /** A conversation was opened with you in it, as you see it now. */
  "thread:created": (event: ThreadCreatedEnvelope) => void;
  /** Somebody has read a conversation up to a number. Their own devices hear it also when the mark is private. */
  "thread:read": (event: ThreadReadEnvelope) => void;
  /** A conversation has reached a device of somebody up to a number. */
  "thread:delivered": (event: ThreadDeliveredEnvelope) => void;
  /** A conversation changed: its people, its title, or how you keep it. As you see it now. */
  "thread:updated": (event: ThreadUpdatedEnvelope) => void;
  /** You are not in this conversation any more. */
  "thread:left": (event: ThreadLeftEnvelope) => void;
  /** A message was pinned for everybody, or its pin was taken away. */
  "message:pinned": (event: MessagePinnedEnvelope) => void;
  /** A message has a new text. Of two copies keep the one with the higher version. */
  "message:edited": (event: MessageEditedEnvelope) => void;
  /** A message was deleted for everybody: its place stays, its text is gone. */
  "message:deleted": (event: MessageDeletedEnvelope) => void;
  /** A deleted message is back. */
  "message:restored": (event: MessageRestoredEnvelope) => void;
  /** Somebody reacted to a message, or took a reaction back. */
  "message:reacted": (event: MessageReactedEnvelope) => void;
  /** Somebody is writing, or stopped. Forget it after `expires_in_ms` if nothing more is heard. */
  "typing:changed": (event: TypingChangedEnvelope) => void;
  /** Somebody called. Ring while your own entry of `rings` is `ringing` and its `until` has not come. */
  "call:created": (event: CallCreatedEnvelope) => void;
  /** A call has begun, or somebody was rung, answered, or cannot be reached: perhaps you, on another device. */
  "call:updated": (event: CallUpdatedEnvelope) => void;
  /** Somebody did not answer. Told once, to them and to who called; never for what another device answered. */
  "call:missed": (event: CallMissedEnvelope) => void;
  /** A call is over; `end_reason` says why. */
  "call:ended": (event: CallEndedEnvelope) => void;
  /** Somebody is in the room, and hears. Towards you they are the polite one. */
  "call:peer_joined": (event: PeerJoinedEnvelope) => void;
  /** A peer has left the room, or did not come back within half a minute. */
  "call:peer_left": (event: PeerLeftEnvelope) => void;
  /** A peer shows something else of itself: its microphone, camera, screen or hand. */
  "call:peer_updated": (event: PeerUpdatedEnvelope) => void;
  /** A peer has lost its line to the server, and its seat is kept until then. Media may go on. */
  "call:peer_reconnecting": (event: PeerReconnectingEnvelope) => void;
  /** A peer is back in its seat, under the same id. */
  "call:peer_rejoined": (event: PeerRejoinedEnvelope) => void;
  /** The seat of this connection is gone: the same person joined anew, resumed or left by another. Close everything. Nothing to do for whose `connection_id`, as `hello` told it, is another one. */
  "call:replaced": (event: CallReplacedEnvelope) => void;
  /** A peer says something to you: a description, candidates, or that there are no more. */
  "call:signal": (event: SignalSentEnvelope) => void;
  /** The room has another host, or was locked or opened. */
  "call:room_updated": (event: RoomUpdatedEnvelope) => void;
  /** Somebody waits in the lobby; told to the host. By `state` also that they wait no more. */
  "call:knocked": (event: KnockedEnvelope) => void;
  /** You may come in from the lobby: send `call:ready` again. */
  "call:admitted": (event: AdmittedEnvelope) => void;
  /** The host does not let you in, or has put you out. Close everything; `for_good` says that you may not return. */
  "call:removed": (event: RemovedEnvelope) => void;
  /** The host asks you to be silent. Nobody but you can do it, or undo it. */
  "call:mute_requested": (event: MuteRequestedEnvelope) => void;
  /** A peer reacts. */
  "call:reacted": (event: CallReactedEnvelope) => void;
  /** How well a peer is connected, as its browser measures it. */
  "call:quality": (event: QualityReportedEnvelope) => void;
  /** Somebody you share a conversation with came, went, or changed their status. */
  "presence:changed": (event: PresenceChangedEnvelope) => void;
  /** Something happened to your account: if it was not you, end that session and change your password. */
  "account:activity": (event: AccountActivityEnvelope) => void;
  /** You blocked somebody, perhaps on another device: show nothing of them any more. */
  "block:added": (event: BlockAddedEnvelope) => void;
  /** You let somebody back in, perhaps on another device. */
  "block:removed": (event: BlockRemovedEnvelope) => void;
  /** Staff has looked at what you reported. */
  "report:updated": (event: ReportUpdatedEnvelope) => void;
  /** A case of the queue that you watch is new, or changed: fetch it. Nobody is named here. */
  "staff:report": (event: StaffReportEnvelope) => void;
  /** Staff did something to you, or to something of yours: why, by which rule, until when, and how to appeal. */
  "statement:created": (event: StatementCreatedEnvelope) => void;
  /** What staff did is acknowledged, appealed against, decided anew or taken back. */
  "statement:updated": (event: StatementUpdatedEnvelope) => void;
  /** How one of the web processes is doing, every two seconds; to those who watch. */
  "staff:figures": (event: StaffFiguresEnvelope) => void;
  /** You made an offer or a request, by one of your devices. */
  "gig:created": (event: GigCreatedEnvelope) => void;
  /** An offer or a request of yours changed: what it says, whether it is published, or what staff thinks of it. */
  "gig:updated": (event: GigUpdatedEnvelope) => void;
  /** An offer or a request of yours is deleted. */
  "gig:deleted": (event: GigDeletedEnvelope) => void;
  /** An offer or a request of yours fades in a week, unless you renew it. */
  "gig:expiring": (event: GigExpiringEnvelope) => void;
  /** You keep a search, or changed one, by one of your devices. */
  "search:saved": (event: SearchSavedEnvelope) => void;
  /** You keep a search no longer. */
  "search:deleted": (event: SearchDeletedEnvelope) => void;
  /** Somebody offers or asks for what you look for, by these searches of yours; each tells of it once. */
  "gig:matched": (event: GigMatchedEnvelope) => void;
  /** Something came to a list that you watch, or changed so that it belongs there. */
  "search:matched": (event: SearchMatchedEnvelope) => void;
  /** Something is no longer in a list that you watch: changed, paused, deleted, or put away by staff. */
  "search:unmatched": (event: SearchUnmatchedEnvelope) => void;
  /** Somebody teaches what you want to learn and wants to learn what you teach. Told once for each person. */
  "match:found": (event: MatchFoundEnvelope) => void;
  /** Somebody wrote in a discussion that you watch. A hole in `n` means that you missed a post: fetch it. */
  "post:created": (event: PostCreatedEnvelope) => void;
  /** A post in a discussion that you watch has a new text, or was hidden, or is shown again. */
  "post:edited": (event: PostEditedEnvelope) => void;
  /** A post in a discussion that you watch was deleted: its place stays, its text is gone. */
  "post:deleted": (event: PostDeletedEnvelope) => void;
  /** A deleted post in a discussion that you watch is back. */
  "post:restored": (event: PostRestoredEnvelope) => void;
  /** A post in a discussion that you watch has so many votes now. */
  "post:voted": (event: PostVotedEnvelope) => void;
  /** A discussion that you watch changed: its title, its answer, what staff did with it. `mine` is always null. */
  "discussion:updated": (event: DiscussionUpdatedEnvelope) => void;
  /** You follow or ignore a discussion, or have read on in it, on another device of yours. */
  "follow:changed": (event: FollowChangedEnvelope) => void;
  /** There is something to know of; or the notification of this id has grown, or tells another text than before. */
  "notification:created": (event: NotificationCreatedEnvelope) => void;
  /** You have read these, on whatever device: take them from every screen. */
  "notification:read": (event: NotificationReadEnvelope) => void;
  /** The time of these is over, read or not: they are no longer in the list. */
  "notification:expired": (event: NotificationExpiredEnvelope) => void;
  /** You chose otherwise what reaches you how, perhaps on another device. */
  "preferences:changed": (event: PreferencesChangedEnvelope) => void;
  /** How much you have not read. `version` grows with each change: keep the highest. */
  "badge:changed": (event: BadgeChangedEnvelope) => void;
  /** You said anew when you want to meet; your other devices hear it. */
  "availability:updated": (event: AvailabilityUpdatedEnvelope) => void;
  /** A series of lessons was proposed, agreed on, changed in one lesson, or ended. As it is now. */
  "series:updated": (event: SeriesUpdatedEnvelope) => void;
  /** Somebody asked for a swap. */
  "swap:created": (event: SwapCreatedEnvelope) => void;
  /** Something was done to a swap: the last entry of its history says what, and by whom. */
  "swap:updated": (event: SwapUpdatedEnvelope) => void;
  /** Nobody answered in time. */
  "swap:expired": (event: SwapExpiredEnvelope) => void;
  /** Something was put into a swap's agenda, worded otherwise, ticked off or taken out. As it is now. */
  "agenda:updated": (event: AgendaUpdatedEnvelope) => void;
  /** An accepted swap is near, or a lesson beside it; told each of both by their own clock. */
  "swap:reminder": (event: SwapReminderEnvelope) => void;
  /** A review can be read by everybody: both sides wrote one, or the time for it is over. */
  "review:published": (event: ReviewPublishedEnvelope) => void;
  /** The reviewed person replied. */
  "review:updated": (event: ReviewUpdatedEnvelope) => void;
  /** You earned a badge, or staff gave it to you; told once for each badge. */
  "achievement:awarded": (event: AchievementAwardedEnvelope) => void;
  /** You have other points on this month's board, or somebody passed you; once in five seconds at most. It is a word of the moment: others' ranks and other boards are asked for. */
  "leaderboard:changed": (event: LeaderboardChangedEnvelope) => void;
  /** Your dashboard, which you watch, is no longer as it was: ask for it again. Seldom, whatever comes together. */
  "dashboard:changed": (event: DashboardChangedEnvelope) => void;
  /** Your calendar was connected, disconnected, or has to be connected anew. */
  "calendar:changed": (event: CalendarChangedEnvelope) => void;
  /** A swap came further into your calendar, or could not. */
  "calendar:synced": (event: CalendarSyncedEnvelope) => void;
  /** One of the two deleted a swap in their calendar: then it is cancelled, unless they put it back until then. */
  "calendar:deleted": (event: CalendarDeletedEnvelope) => void;
  /** They put it back, or want nothing of calendars any more: the swap stays. */
  "calendar:restored": (event: CalendarRestoredEnvelope) => void;
}
