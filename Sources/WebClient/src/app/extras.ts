// What opens over or beside a chat by a press: together, because they share most of what they are made of and one
// file of all packs better than one of each.

import { later } from "../text/en-later";
import { entrance } from "../text/en-sign-in";
import { addWords } from "../text/text";

addWords(later);
addWords(entrance);

export { AlertCard } from "../features/alerts/alert-card";
export { ChatInfo } from "../features/chat-info/chat-info";
export { DeleteChat } from "../features/chat-info/delete-chat";
export { MuteChat } from "../features/chat-info/mute-chat";
export { RenameChat } from "../features/chat-info/rename-chat";
export { SeenBy } from "../features/chat-info/seen-by";
export { ChatRowMenu } from "../features/chat-list/chat-row-menu";
export { FormatBar } from "../features/composer/format-bar";
export { ForwardMessage } from "../features/forward/forward-message";
export { Invite } from "../features/invite/invite";
export { NewChat } from "../features/new-chat/new-chat";
export { JoinAddress } from "./join-address";
export { ChatStatus } from "../features/presence/chat-status";
export { OnlineDot } from "../features/presence/online-dot";
export { RowTyping } from "../features/presence/row-typing";
export { PinnedBar } from "../features/pins/pinned-bar";
export { Palette } from "../features/palette/palette";
export { ChatSearch } from "../features/search/chat-search";
export { MessageHits } from "../features/search/message-hits";
export { DeleteMessages } from "../features/selection/delete-messages";
export { SelectBar } from "../features/selection/select-bar";
export { Settings } from "../features/settings/settings";
export { Starred } from "../features/starred/starred";
export { PinnedMessage } from "../features/timeline/kinds/pinned-message";
export { MessageMenu } from "../features/timeline/message-menu";
export { ReactionChips } from "../features/timeline/reaction-chips";
export { SyncDrafts } from "./sync-drafts";
export { KeyList } from "../ui/key-list";
