/** The few words of the closed widget. Named one by one, so that the other texts come with the panel. */

import * as en from "../../chatserver/locales/en/widget.json";
import * as es from "../../chatserver/locales/es-MX/widget.json";

export interface Words {
  readonly open: string;
  readonly close: string;
  readonly unread: string;
  readonly failed: string;
}

export const words = (english: boolean): Words =>
  english
    ? { open: en.launcher, close: en.close, unread: en["launcher.unread"], failed: en.stopped }
    : { open: es.launcher, close: es.close, unread: es["launcher.unread"], failed: es.stopped };
