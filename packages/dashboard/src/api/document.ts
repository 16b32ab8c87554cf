/* Written by test/openapi.real.test.ts from the reference of the API: change the routes, then run it with -u. */
export interface paths {
    readonly "/api/auth/callback/oidc": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Where the identity provider sends the browser back to
         * @description Needs no sign-in.
         */
        readonly get: operations["finishProviderSignIn"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/cron/{task}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Begin a task of every live project now
         * @description For a scheduler outside, with `Authorization: Bearer $CRON_SECRET`. Tasks: reconcile (a full check), recent, weekly-digest. A task that is under way is not begun twice.
         *
         *     Needs no sign-in.
         */
        readonly post: operations["runCronTask"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/mcp": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Refused: there is no stream to open
         * @description Anybody who is signed in; or a key with read.
         */
        readonly get: operations["openMcpStream"];
        readonly put?: never;
        /**
         * Model Context Protocol: tools for agents that read and check, and never write
         * @description Anybody who is signed in; or a key with read.
         */
        readonly post: operations["callMcp"];
        /**
         * Refused: there is no session to end
         * @description Anybody who is signed in; or a key with read.
         */
        readonly delete: operations["endMcpSession"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/invites/accept": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Take up an invite as somebody new
         * @description Without a password: sign in with the identity provider next.
         *
         *     Needs no sign-in.
         */
        readonly post: operations["acceptInvite"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/invites/join": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Take up an invite as who you are
         * @description Anybody who is signed in; no API key.
         */
        readonly post: operations["joinWorkspace"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/invites/open": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * What an invite is for
         * @description Needs no sign-in.
         */
        readonly post: operations["openInvite"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/me": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Who you are here
         * @description Anybody who is signed in; or a key with read.
         */
        readonly get: operations["getMe"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        /**
         * Change your name
         * @description Anybody who is signed in; no API key.
         */
        readonly patch: operations["changeMe"];
        readonly trace?: never;
    };
    readonly "/api/v1/me/password": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        /**
         * Change your password
         * @description Every other session of yours ends.
         *
         *     Anybody who is signed in; no API key.
         */
        readonly put: operations["changePassword"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/me/second-factor": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Begin to set up a second factor
         * @description Show `uri` to an authenticator app; the factor is on once a code of it was confirmed.
         *
         *     Anybody who is signed in; no API key.
         */
        readonly post: operations["offerSecondFactor"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/me/second-factor/backup-codes": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * New backup codes in the place of the old ones
         * @description Anybody who is signed in; no API key.
         */
        readonly post: operations["createBackupCodes"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/me/second-factor/confirm": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Turn the second factor on with a code of it
         * @description Anybody who is signed in; no API key.
         */
        readonly post: operations["turnOnSecondFactor"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/me/second-factor/remove": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Turn the second factor off
         * @description Anybody who is signed in; no API key.
         */
        readonly post: operations["turnOffSecondFactor"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/me/sessions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Your sessions
         * @description Anybody who is signed in; no API key.
         */
        readonly get: operations["listSessions"];
        readonly put?: never;
        readonly post?: never;
        /**
         * End all your sessions but this one
         * @description Anybody who is signed in; no API key.
         */
        readonly delete: operations["endOtherSessions"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/me/sessions/{sessionId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * End one of your sessions
         * @description Anybody who is signed in; no API key.
         */
        readonly delete: operations["endSession"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/password-reset": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Have a link to a new password mailed
         * @description The answer is the same whether or not there is a person with the address.
         *
         *     Needs no sign-in.
         */
        readonly post: operations["requestPasswordReset"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/password-reset/finish": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Set a new password with a link
         * @description Every session of the person ends.
         *
         *     Needs no sign-in.
         */
        readonly post: operations["finishPasswordReset"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The projects in reach
         * @description Anybody who is signed in; or a key with read.
         */
        readonly get: operations["listProjects"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * One project
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["getProject"];
        readonly put?: never;
        readonly post?: never;
        /**
         * Delete a project, which can be taken back for seven days
         * @description It does nothing any more at once. When the days are over everything of it is erased but the numbered entries of its ledger, which name nobody. Export the ledger before, to keep what stands beside it. A demo goes at once.
         *
         *     Role owner or above, confirmed a short time ago; no API key.
         */
        readonly delete: operations["deleteProject"];
        readonly options?: never;
        readonly head?: never;
        /**
         * Change the name, time zone or state of a project
         * @description Role admin or above; no API key.
         */
        readonly patch: operations["changeProject"];
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/alerts/channels": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The alert channels of a project
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["listAlertChannels"];
        readonly put?: never;
        /**
         * Add an alert channel
         * @description Nothing is sent to it until a rule names it; try it with its test.
         *
         *     Role admin or above, confirmed a short time ago; no API key.
         */
        readonly post: operations["createAlertChannel"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/alerts/channels/{channelId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * One alert channel
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["getAlertChannel"];
        readonly put?: never;
        readonly post?: never;
        /**
         * Remove an alert channel, and what is on its way to it
         * @description Role admin or above; no API key.
         */
        readonly delete: operations["deleteAlertChannel"];
        readonly options?: never;
        readonly head?: never;
        /**
         * Change an alert channel
         * @description What is left out stays as it is. A configuration takes the place of the whole old one.
         *
         *     Role admin or above, confirmed a short time ago; no API key.
         */
        readonly patch: operations["changeAlertChannel"];
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/alerts/channels/{channelId}/test": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Send a test message to an alert channel now
         * @description It is tried once, and the answer says how it went.
         *
         *     Role admin or above; no API key.
         */
        readonly post: operations["testAlertChannel"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/alerts/deliveries": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The log of alerts, newest first
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["listAlertDeliveries"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/alerts/deliveries/{deliveryId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * One alert, with what was sent and every try
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["getAlertDelivery"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/alerts/deliveries/{deliveryId}/send-again": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Send an alert again that was sent or set aside
         * @description Role admin or above; no API key.
         */
        readonly post: operations["sendAlertAgain"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/alerts/rules": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The alert rules of a project, in their order
         * @description Where several tell one channel of an incident, the first of them does.
         *
         *     Role viewer or above; or a key with read.
         */
        readonly get: operations["listAlertRules"];
        readonly put?: never;
        /**
         * Add an alert rule
         * @description It tells of incidents that open from now on.
         *
         *     Role admin or above; no API key.
         */
        readonly post: operations["createAlertRule"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/alerts/rules/{ruleId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        /**
         * Replace an alert rule, or switch it on or off
         * @description Role admin or above; no API key.
         */
        readonly put: operations["putAlertRule"];
        readonly post?: never;
        /**
         * Remove an alert rule
         * @description Role admin or above; no API key.
         */
        readonly delete: operations["deleteAlertRule"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/causes": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Causes that incidents have in common, those of the most incidents first
         * @description Incidents of a cause are listed by `GET incidents?cause=<id>`.
         *
         *     Role viewer or above; or a key with read.
         */
        readonly get: operations["listCauses"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/checks": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The checks of a project, the newest first
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["listChecks"];
        readonly put?: never;
        /**
         * Check everything, what changed since the last check, or one customer
         * @description A full or recent check runs in the background: 202 with its address in `Location`; one that is at work already is given instead of a second. A check of one customer is answered when it is done.
         *
         *     Role member or above; or a key with read.
         */
        readonly post: operations["createCheck"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/checks/{checkId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * One check, and how far it has come
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["getCheck"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/checks/{checkId}/preview": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What a dry run would have filed, and what speaks for a wrong mapping
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["getCheckPreview"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/checks/{checkId}/progress": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * A check while it runs, as server-sent events
         * @description An event `check` with the check as JSON whenever it has come further, and one `end` when it is finished.
         *
         *     Role viewer or above; or a key with read.
         */
        readonly get: operations["followCheck"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/checks/export": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The checks of a project as a file: CSV for spreadsheets, JSON lines for programs
         * @description Takes the filters of the list of checks. JSON lines hold all that the list shows of each. No cell of the CSV is taken for a formula: one that could be has an apostrophe before it. What changes while it is sent may be missing from it or stand in it as it was.
         *
         *     Role viewer or above; or a key with read.
         */
        readonly get: operations["exportChecks"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/config": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The configuration as it holds
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["getConfig"];
        /**
         * Change the configuration
         * @description Makes a new version. Approvals of repairs that were given under another meaning are void. A document that says the same makes none.
         *
         *     Role admin or above; no API key.
         */
        readonly put: operations["putConfig"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/config/diff": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What differs from one version to another
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["compareConfigVersions"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/config/validate": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Say what is wrong with a configuration, and keep nothing
         * @description Role viewer or above; or a key with read.
         */
        readonly post: operations["validateConfig"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/config/versions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Every version, the newest first
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["listConfigVersions"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/config/versions/{version}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * One version
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["getConfigVersion"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/config/versions/{version}/revert": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Bring an earlier version back, as a new one
         * @description Role admin or above; no API key.
         */
        readonly post: operations["revertConfigVersion"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/config/what-if": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Say what another configuration would open and close, before it holds
         * @description Judges once more what the last full check read, under the configuration as it holds and under the one that is sent. No vendor is asked, and nothing is filed or kept. Give `document` or `changes`. With `Accept: text/event-stream` it tells how far it has come: events `progress` with `pairs` and `of`, then one `answer` with what is answered else, or `problem`.
         *
         *     Role viewer or above; or a key with read.
         */
        readonly post: operations["tryConfig"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/customers": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Customers and subjects, as the last full check read them
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["listCustomers"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/customers/{customerId}/at": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What a customer had and was owed at a moment, under the policy then and now
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["getCustomerAt"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/customers/{customerId}/check": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Check one customer now, and file what is found
         * @description The same as `POST checks` with `kind: single`. What an incident is about is named in its `guided.checkAgain`.
         *
         *     Role member or above; or a key with read.
         */
        readonly post: operations["checkCustomer"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/customers/{customerId}/history": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What was promised and granted over time, with what happened as marks
         * @description Stretches from check to check: known where a check saw it first to where the last one saw it still. Nothing is put between two checks that saw different things.
         *
         *     Role viewer or above; or a key with read.
         */
        readonly get: operations["getCustomerHistory"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/customers/{customerId}/state": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What a customer is owed, may have and has
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["getCustomerState"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/customers/{customerId}/timeline": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What the ledger holds about a customer, oldest first
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["getCustomerTimeline"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/customers/export": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The customers of a project as a file: CSV for spreadsheets, JSON lines for programs
         * @description Takes the filters of the list of customers. JSON lines hold all that the list shows of each. No cell of the CSV is taken for a formula: one that could be has an apostrophe before it. What changes while it is sent may be missing from it or stand in it as it was.
         *
         *     Role viewer or above; or a key with read.
         */
        readonly get: operations["exportCustomers"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/deploys": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Deploys of the app, the last first
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["listDeploys"];
        readonly put?: never;
        /**
         * Mark that another version of the app was put in place
         * @description Called at the end of a deploy, so that drifts which begin then can be told from others.
         *
         *     Role member or above; or a key with read.
         */
        readonly post: operations["markDeploy"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/due-checks": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Who is due for a check, those that were set aside first
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["listDueChecks"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/due-checks/retry": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Give a check that was set aside new tries
         * @description Role member or above; or a key with read+repair.
         */
        readonly post: operations["retryDueChecks"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/events": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Events, the last stored first
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["listEvents"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/events/{provider}/{eventId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * One event with what stood in it
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["getEvent"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/events/{provider}/{eventId}/replay": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Do once more what follows from an event
         * @description Whom it names is due for a check; what is true then is read from the provider.
         *
         *     Role member or above; or a key with read+repair.
         */
        readonly post: operations["replayEvent"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/events/export": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The events of a project as a file: CSV for spreadsheets, JSON lines for programs
         * @description Takes the filters of the list of events. JSON lines hold all that the list shows of each. No cell of the CSV is taken for a formula: one that could be has an apostrophe before it. What changes while it is sent may be missing from it or stand in it as it was.
         *
         *     Role viewer or above; or a key with read.
         */
        readonly get: operations["exportEvents"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/exceptions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The exceptions of a project, those that end first before the others
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["listExceptions"];
        readonly put?: never;
        /**
         * Let a subject have more than it pays for, until a moment
         * @description Role admin or above; no API key.
         */
        readonly post: operations["createException"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/exceptions/{exceptionId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * One exception
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["getException"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/exceptions/{exceptionId}/end": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * End an exception now; the next check sees what it covered
         * @description Role admin or above; no API key.
         */
        readonly post: operations["endException"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/exceptions/{exceptionId}/extend": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Let an exception run longer
         * @description Role admin or above; no API key.
         */
        readonly post: operations["extendException"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/incidents": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The incidents of a project
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["listIncidents"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/incidents/{incidentId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * One incident with its history, its repairs, and how it would be ended
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["getIncident"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/incidents/{incidentId}/acknowledge": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Say that somebody is at work on it
         * @description Role member or above; or a key with read+repair.
         */
        readonly post: operations["acknowledgeIncident"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/incidents/{incidentId}/assign": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Make it a member's work, or nobody's
         * @description Role member or above; or a key with read+repair.
         */
        readonly post: operations["assignIncident"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/incidents/{incidentId}/cause": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Work out the cause of an incident again, by what is known now
         * @description Role member or above; or a key with read.
         */
        readonly post: operations["lookIntoIncident"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/incidents/{incidentId}/comment": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Say something about it
         * @description Role member or above; or a key with read+repair.
         */
        readonly post: operations["commentIncident"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/incidents/{incidentId}/ignore": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Say that the drift is meant to be, for a time or for good
         * @description Role member or above; or a key with read+repair.
         */
        readonly post: operations["ignoreIncident"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/incidents/{incidentId}/reopen": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Take back that it was ignored or resolved
         * @description Role member or above; or a key with read+repair.
         */
        readonly post: operations["reopenIncident"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/incidents/bulk": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Act on many incidents, named by their ids or by a filter
         * @description Each is acted on by itself, and what was done already is done once, so it may be sent again. Give `ids` or `filter`; at most 5000 incidents at once. Acts: acknowledge, ignore, reopen, assign, comment.
         *
         *     Role member or above; or a key with read+repair.
         */
        readonly post: operations["actOnIncidents"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/incidents/counts": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * How many incidents there are, by state, severity and kind, and the money at risk
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["countIncidents"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/incidents/export": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The incidents of a project as a file: CSV for spreadsheets, JSON lines for programs
         * @description Takes the filters of the list of incidents. JSON lines hold all that the list shows of each. No cell of the CSV is taken for a formula: one that could be has an apostrophe before it. What changes while it is sent may be missing from it or stand in it as it was.
         *
         *     Role viewer or above; or a key with read.
         */
        readonly get: operations["exportIncidents"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/ledger": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Entries of the ledger, the latest first
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["listLedgerEntries"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/ledger/checkpoint": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * How the ledger stands: its size and the last signed checkpoint
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["getLedgerCheckpoint"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/ledger/export": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The ledger as a file: NDJSON that can be verified offline, or CSV for spreadsheets
         * @description NDJSON of the whole ledger, or, with `person` or `incident`, of the entries about one, each with its proof. Verify it with `trueup ledger verify FILE --key KEY`. No cell of the CSV is taken for a formula.
         *
         *     Role viewer or above; or a key with read.
         */
        readonly get: operations["exportLedger"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/ledger/key": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The public key that the ledger is signed with
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["getLedgerKey"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/money": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Money at risk, lost, owed and recovered, now and day by day
         * @description Sums of days add up to `total`. Currencies are never converted.
         *
         *     Role viewer or above; or a key with read.
         */
        readonly get: operations["getMoney"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/onboarding": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * How far the project is set up, step by step
         * @description The states follow from what is stored: sources, configuration, checks, webhooks, schedules. Nothing is asked of a provider.
         *
         *     Role viewer or above; or a key with read.
         */
        readonly get: operations["getOnboarding"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/onboarding/answers": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        /**
         * Keep what was chosen, and the configuration as far as it is filled in
         * @description What is left out stays as it is. Neither is in force: `PUT config` is what puts it in force.
         *
         *     Role admin or above; no API key.
         */
        readonly put: operations["keepOnboardingAnswers"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/outgoing-deliveries": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The log of messages to endpoints, newest first
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["listOutgoingDeliveries"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/outgoing-deliveries/{deliveryId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * One message, with what was sent and every try
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["getOutgoingDelivery"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/outgoing-deliveries/{deliveryId}/send-again": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Send a message again that was sent or set aside
         * @description With the same id, so that a receiver who has it knows it again.
         *
         *     Role admin or above; no API key.
         */
        readonly post: operations["sendOutgoingAgain"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/outgoing-webhooks": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The endpoints that are told of what happens
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["listOutgoingWebhooks"];
        readonly put?: never;
        /**
         * Add an endpoint
         * @description Messages are signed as Standard Webhooks has it, with the secret in the answer. It is told of what happens from now on.
         *
         *     Role admin or above, confirmed a short time ago; no API key.
         */
        readonly post: operations["createOutgoingWebhook"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/outgoing-webhooks/{endpointId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * One endpoint
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["getOutgoingWebhook"];
        readonly put?: never;
        readonly post?: never;
        /**
         * Remove an endpoint, and what is on its way to it
         * @description Role admin or above; no API key.
         */
        readonly delete: operations["deleteOutgoingWebhook"];
        readonly options?: never;
        readonly head?: never;
        /**
         * Change an endpoint, or switch it on or off
         * @description What is left out stays as it is. What an endpoint missed while it was off can be sent again from the log.
         *
         *     Role admin or above, confirmed a short time ago; no API key.
         */
        readonly patch: operations["changeOutgoingWebhook"];
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/outgoing-webhooks/{endpointId}/roll-secret": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Make a new secret for an endpoint
         * @description The one before signs beside it for so many hours, so that no message is missed.
         *
         *     Role admin or above, confirmed a short time ago; no API key.
         */
        readonly post: operations["rollOutgoingSecret"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/parity": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * How many customers have what they paid for, now and day by day
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["getParity"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/push-secrets": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The secrets that pushes may be signed with
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["listPushSecrets"];
        readonly put?: never;
        /**
         * Make a secret that pushes may be signed with
         * @description Role admin or above, confirmed a short time ago; no API key.
         */
        readonly post: operations["createPushSecret"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/push-secrets/{secretId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * Take a secret for pushes away, at once
         * @description Role admin or above, confirmed a short time ago; no API key.
         */
        readonly delete: operations["deletePushSecret"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/repairs": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The repairs of a project, in the order in which they were proposed
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["listRepairs"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/repairs/{repairId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * One repair
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["getRepair"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/repairs/{repairId}/apply": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Write an approved repair and read both sides again, or go on with its batch
         * @description A repair of a batch applies the wave of the batch that is due; call it again when the next one is. It may be sent again at any time: no value is written twice.
         *
         *     Role admin or above; or a key with read+repair.
         */
        readonly post: operations["applyRepair"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/repairs/{repairId}/approve": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Approve one repair, or, by the id of one of them, a batch that waits for a second person
         * @description Role admin or above; or a key with read+repair.
         */
        readonly post: operations["approveRepair"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/repairs/{repairId}/reject": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Say no; the same values are not proposed again
         * @description Role admin or above; or a key with read+repair.
         */
        readonly post: operations["rejectRepair"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/repairs/{repairId}/undo": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Propose to take a repair back; somebody else approves it
         * @description Role admin or above; or a key with read+repair.
         */
        readonly post: operations["undoRepair"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/repairs/approve": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Approve several repairs as one batch, which is applied in waves
         * @description Role admin or above; or a key with read+repair.
         */
        readonly post: operations["approveRepairs"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/repairs/brakes": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What holds the repairs of this project back
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["getRepairBrakes"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/repairs/export": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The repairs of a project as a file: CSV for spreadsheets, JSON lines for programs
         * @description Takes the filters of the list of repairs. JSON lines hold all that the list shows of each. No cell of the CSV is taken for a formula: one that could be has an apostrophe before it. What changes while it is sent may be missing from it or stand in it as it was.
         *
         *     Role viewer or above; or a key with read.
         */
        readonly get: operations["exportRepairs"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/repairs/propose": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Propose a repair for every incident of the last check that has one safe answer
         * @description Role admin or above; or a key with read+repair.
         */
        readonly post: operations["proposeRepairs"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/repairs/release": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Say that many drifts of a check are real, so that repairs are no longer held
         * @description Role admin or above; or a key with read+repair.
         */
        readonly post: operations["releaseRepairs"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/repairs/switch": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Switch the repairs of this project off, or on again
         * @description Role admin or above; or a key with read+repair.
         */
        readonly post: operations["switchRepairs"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/restore": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Take the deletion of a project back
         * @description Role owner or above, confirmed a short time ago; no API key.
         */
        readonly post: operations["restoreProject"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/schedules": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The schedules of a project
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["listSchedules"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        /**
         * Change the schedules of a project
         * @description What is left out stays as it is.
         *
         *     Role admin or above; no API key.
         */
        readonly patch: operations["changeSchedules"];
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/schedules/preview": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The next moments of a cron line
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["previewSchedule"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/secret-uses": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * When credentials were used and for what
         * @description A line an hour, the latest first, of the last 90 days; also of credentials that are gone.
         *
         *     Role admin or above; no API key.
         */
        readonly get: operations["listSecretUses"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/setup/clerk-fields": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Metadata fields of the most recent users and organizations
         * @description Role admin or above; no API key.
         */
        readonly get: operations["sampleClerkFields"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/setup/config": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Propose a configuration from everything that is connected
         * @description Role admin or above; no API key.
         */
        readonly post: operations["proposeConfig"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/setup/databases/{name}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * What is in a database, how it may be mapped, and the SQL for a role that can only read
         * @description Role admin or above; no API key.
         */
        readonly post: operations["lookIntoDatabase"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/setup/databases/{name}/repair-sql": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * The SQL that lets single rows of a database be repaired, for its owner to run
         * @description Role admin or above; no API key.
         */
        readonly post: operations["writeRepairSql"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/setup/permissions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What a restricted key of Stripe is to be allowed, what for, and what the connected one lacks
         * @description Role admin or above; no API key.
         */
        readonly get: operations["listStripePermissions"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/setup/prices": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Every price of the connected Stripe account, with what it is mapped to and who pays it
         * @description Role admin or above; no API key.
         */
        readonly get: operations["listStripePrices"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/setup/read-role-sql": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * The SQL for a role of a database that can read some columns and nothing else
         * @description For before the database is connected. Nothing is sent anywhere; the password is made for it and kept nowhere.
         *
         *     Role admin or above; no API key.
         */
        readonly post: operations["writeReadRoleSql"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/setup/try-mapping": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Try a mapping on what is connected: who is matched by which rule, and rows as it reads them
         * @description Reads at most 5,000 of each, files nothing and keeps nothing.
         *
         *     Role admin or above; no API key.
         */
        readonly post: operations["tryMapping"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/sources": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What the project is connected to
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["listSources"];
        readonly put?: never;
        /**
         * Connect a source, or connect it anew with another credential
         * @description The credential is tried first. Where it does not pass nothing is kept, and the one before stays in use.
         *
         *     Role admin or above, confirmed a short time ago; no API key.
         */
        readonly post: operations["connectSource"];
        /**
         * Take every credential of the project away at once, for good
         * @description For the day that one leaks: nothing is reached from here any more until it is connected anew.
         *
         *     Role admin or above, confirmed a short time ago; no API key.
         */
        readonly delete: operations["disconnectSources"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/sources/{name}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * Take the credential of a source away for good
         * @description Role admin or above, confirmed a short time ago; no API key.
         */
        readonly delete: operations["disconnectSource"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/sources/{name}/test": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Try the credential of a source once more
         * @description Role admin or above; no API key.
         */
        readonly post: operations["testSource"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/subjects": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        /**
         * Push what the app grants
         * @description Signed as Standard Webhooks with a push secret; JSON or NDJSON in parts, as docs/push-and-import.md says. Needs a source `pushed` in the configuration.
         *
         *     Needs no sign-in.
         */
        readonly put: operations["putSubjects"];
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/views": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Your views of the incidents, by their names
         * @description Role viewer or above; no API key.
         */
        readonly get: operations["listViews"];
        readonly put?: never;
        /**
         * Keep a view under a name
         * @description Filters and order of the list of incidents. Nobody else sees it; you may keep 100 of them.
         *
         *     Role viewer or above; no API key.
         */
        readonly post: operations["createView"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/views/{viewId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * Delete a view
         * @description Role viewer or above; no API key.
         */
        readonly delete: operations["deleteView"];
        readonly options?: never;
        readonly head?: never;
        /**
         * Give a view another name, or another query
         * @description Role viewer or above; no API key.
         */
        readonly patch: operations["changeView"];
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/webhooks": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The endpoints, how they do, and what is refused there
         * @description Role viewer or above; or a key with read.
         */
        readonly get: operations["listWebhooks"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/webhooks/{provider}/secrets": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Add a signing secret
         * @description Role admin or above, confirmed a short time ago; no API key.
         */
        readonly post: operations["createWebhookSecret"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/webhooks/{provider}/secrets/{secretId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * Take a signing secret away at once
         * @description Role admin or above, confirmed a short time ago; no API key.
         */
        readonly delete: operations["deleteWebhookSecret"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/webhooks/{provider}/test": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Send a test event to the address that the provider sends to, and see whether it arrives
         * @description Trueup signs it itself. What the provider sends is seen by its own first event.
         *
         *     Role admin or above; no API key.
         */
        readonly post: operations["sendTestEvent"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/projects/{projectId}/webhooks/compare": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Compare what came with Stripe's own list of events
         * @description It is done every hour by itself. What is missing is then found by `GET events?missing=true`.
         *
         *     Role member or above; or a key with read+repair.
         */
        readonly post: operations["compareWebhookEvents"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/session": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Sign in with a password
         * @description Needs no sign-in.
         */
        readonly post: operations["signIn"];
        /**
         * Sign out
         * @description Anybody who is signed in; no API key.
         */
        readonly delete: operations["signOut"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/session/code": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Give the code of the second factor
         * @description Six digits of the authenticator app, or a backup code.
         *
         *     Needs no sign-in.
         */
        readonly post: operations["giveSignInCode"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/session/confirm": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Show once more that it is you
         * @description For the next ten minutes the session may do what needs it: keys, sources, ownership.
         *
         *     Anybody who is signed in; no API key.
         */
        readonly post: operations["confirmIdentity"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/session/provider": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Begin to sign in with the identity provider
         * @description Needs no sign-in.
         */
        readonly post: operations["startProviderSignIn"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/sign-in-options": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * How one can sign in and sign up here
         * @description Needs no sign-in.
         */
        readonly get: operations["getSignInOptions"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/sign-up": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Make an account and a workspace
         * @description The first person gives an address; after that only a `token` that was mailed opens this, where anybody may sign up.
         *
         *     Needs no sign-in.
         */
        readonly post: operations["signUp"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/sign-up/link": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Have a link to sign up with mailed
         * @description Needs no sign-in.
         */
        readonly post: operations["requestSignUpLink"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/workspaces": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Your workspaces
         * @description Anybody who is signed in; no API key.
         */
        readonly get: operations["listWorkspaces"];
        readonly put?: never;
        /**
         * Make a workspace, which you own
         * @description Anybody who is signed in; no API key.
         */
        readonly post: operations["createWorkspace"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/workspaces/{workspaceId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * Delete a workspace with all its projects, which can be taken back for seven days
         * @description Its projects do nothing any more at once. When the days are over everything is erased but its record and the numbered entries of the ledgers, which name nobody.
         *
         *     Role owner or above, confirmed a short time ago; no API key.
         */
        readonly delete: operations["deleteWorkspace"];
        readonly options?: never;
        readonly head?: never;
        /**
         * Rename a workspace
         * @description Role admin or above; no API key.
         */
        readonly patch: operations["changeWorkspace"];
        readonly trace?: never;
    };
    readonly "/api/v1/workspaces/{workspaceId}/api-keys": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The keys of a workspace, revoked ones too
         * @description Role admin or above; no API key.
         */
        readonly get: operations["listApiKeys"];
        readonly put?: never;
        /**
         * Make a key
         * @description The key is in the answer, this once. It is kept as a hash.
         *
         *     Role admin or above, confirmed a short time ago; no API key.
         */
        readonly post: operations["createApiKey"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/workspaces/{workspaceId}/api-keys/{keyId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * Revoke a key
         * @description Role admin or above; no API key.
         */
        readonly delete: operations["deleteApiKey"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/workspaces/{workspaceId}/demo": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The demo of a workspace
         * @description Role viewer or above; no API key.
         */
        readonly get: operations["getDemo"];
        readonly put?: never;
        /**
         * Explore the demo: a project on made-up accounts, with incidents of many kinds
         * @description A workspace has one; where there is one already it is given. It is `preparing` for some seconds: its first check runs, changes come in by webhook, some incidents are repaired.
         *
         *     Role admin or above; no API key.
         */
        readonly post: operations["startDemo"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/workspaces/{workspaceId}/demo/reset": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Begin the demo anew, as on its first day
         * @description What was done in it is gone. It is another project then, of another id.
         *
         *     Role admin or above; no API key.
         */
        readonly post: operations["resetDemo"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/workspaces/{workspaceId}/hand-over": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Hand a workspace over to one of its admins
         * @description You become an admin of it.
         *
         *     Role owner or above, confirmed a short time ago; no API key.
         */
        readonly post: operations["handOverWorkspace"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/workspaces/{workspaceId}/invites": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The invites that wait
         * @description Role admin or above; no API key.
         */
        readonly get: operations["listInvites"];
        readonly put?: never;
        /**
         * Invite somebody
         * @description An invite that the address has here already is revoked. The link is good for seven days, once.
         *
         *     Role admin or above; no API key.
         */
        readonly post: operations["createInvite"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/workspaces/{workspaceId}/invites/{inviteId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * Revoke an invite
         * @description Role admin or above; no API key.
         */
        readonly delete: operations["deleteInvite"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/workspaces/{workspaceId}/leave": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Leave a workspace
         * @description Role viewer or above; no API key.
         */
        readonly post: operations["leaveWorkspace"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/workspaces/{workspaceId}/members": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * The people of a workspace
         * @description Role viewer or above; no API key.
         */
        readonly get: operations["listMembers"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/workspaces/{workspaceId}/members/{personId}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        /**
         * Take a member out of a workspace
         * @description Their next request finds nothing of it. Keys that they made stay: look through them.
         *
         *     Role admin or above; no API key.
         */
        readonly delete: operations["deleteMember"];
        readonly options?: never;
        readonly head?: never;
        /**
         * Give a member another role
         * @description Nobody changes the owner, or their own role.
         *
         *     Role owner or above, confirmed a short time ago; no API key.
         */
        readonly patch: operations["changeMember"];
        readonly trace?: never;
    };
    readonly "/api/v1/workspaces/{workspaceId}/members/{personId}/reset-link": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Give a member a link to a new password
         * @description Mailed to them where a mail server is set, else shown this once. Only for who is below you in every workspace that they belong to.
         *
         *     Role admin or above, confirmed a short time ago; no API key.
         */
        readonly post: operations["createResetLink"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/workspaces/{workspaceId}/projects": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Make a project
         * @description Role admin or above; no API key.
         */
        readonly post: operations["createProject"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/workspaces/{workspaceId}/record": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * What was done in a workspace that concerns no project, newest first
         * @description Members, invites, keys of the whole workspace. What concerns a project is in its ledger.
         *
         *     Role admin or above; no API key.
         */
        readonly get: operations["listWorkspaceEntries"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/v1/workspaces/{workspaceId}/restore": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Take the deletion of a workspace back
         * @description Role owner or above, confirmed a short time ago; no API key.
         */
        readonly post: operations["restoreWorkspace"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/healthz": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Whether the process is alive
         * @description Needs no sign-in.
         */
        readonly get: operations["getHealth"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/metrics": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Metrics in the OpenMetrics format
         * @description From this machine, or with `Authorization: Bearer` and TRUEUP_METRICS_TOKEN.
         *
         *     Needs no sign-in.
         */
        readonly get: operations["getMetrics"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/readyz": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Whether the process takes requests
         * @description 503 while it starts, drains, or its database is out of reach. Ages are in seconds.
         *
         *     Needs no sign-in.
         */
        readonly get: operations["getReadiness"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        readonly Access: {
            readonly entitlements: readonly string[] | "every";
            readonly paid: boolean;
            readonly plan: string;
            readonly seats: number | "unlimited" | null;
            /** @description `unlimited`: any trial end is as good as another; null: no trial. */
            readonly trialEndsAt: string | "unlimited" | null;
        };
        /** @description What is not compared is null. */
        readonly AccessLevel: {
            readonly entitlements: readonly string[] | "every" | null;
            readonly paid: boolean | null;
            readonly plan: string | null;
            /** @description The place of the plan in the catalogue as it holds; null: it is not in it. */
            readonly rank: number | null;
            readonly seats: number | "unlimited" | null;
            readonly trialEndsAt: string | "unlimited" | null;
        };
        readonly AlertChannel: {
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly createdAt: string;
            readonly enabled: boolean;
            /** @description Whether it gets the weekly digest. */
            readonly getsDigest: boolean;
            /** @example alc_k3vq2j6w5xnyt4zr7m2s5b3d */
            readonly id: string;
            /** @enum {string} */
            readonly kind: "slack" | "email" | "discord" | "teams" | "pagerduty" | "webhook";
            /** @description More messages wait, and those of one kind are put together. PagerDuty has no such limit. */
            readonly messagesPerHour: number;
            readonly name: string;
            /** @description What may be shown: of secrets the last four characters. */
            readonly settings: {
                readonly [key: string]: string | number | null | readonly string[];
            };
        };
        /** @description Where it goes. Addresses and keys are sealed and never given back. */
        readonly AlertChannelConfig: {
            /** @enum {string} */
            readonly kind: "slack";
            /** Format: uri */
            readonly url: string;
        } | {
            /** @enum {string} */
            readonly kind: "discord";
            /** Format: uri */
            readonly url: string;
        } | {
            /** @enum {string} */
            readonly kind: "teams";
            /** Format: uri */
            readonly url: string;
        } | {
            /** @enum {string} */
            readonly kind: "pagerduty";
            /**
             * @default us
             * @enum {string}
             */
            readonly region?: "us" | "eu";
            readonly routingKey: string;
        } | {
            /** @enum {string} */
            readonly kind: "webhook";
            readonly secret: string;
            /** Format: uri */
            readonly url: string;
        } | {
            /**
             * Format: email
             * @default null
             */
            readonly from?: string | null;
            /** @enum {string} */
            readonly kind: "email";
            /** @default null */
            readonly smtp?: {
                readonly host: string;
                /** @default null */
                readonly password?: string | null;
                readonly port: number;
                /** @enum {string} */
                readonly security: "tls" | "starttls" | "none";
                /** @default null */
                readonly user?: string | null;
            } | null;
            readonly to: readonly string[];
        };
        readonly AlertRule: {
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly createdAt: string;
            readonly enabled: boolean;
            readonly id: string;
            readonly rule: components["schemas"]["AlertRuleBody"];
        };
        readonly AlertRuleBody: {
            /** @default 15 */
            readonly againAfterMinutes?: number;
            readonly channels: readonly string[];
            /** @default 10 */
            readonly gatherSeconds?: number;
            /** @default null */
            readonly kinds?: readonly ("paid-without-access" | "access-without-payment" | "plan-too-low" | "plan-too-high" | "trial-cut-short" | "trial-overstayed" | "entitlement-missing" | "entitlement-extra" | "seats-short" | "seats-over" | "payer-unmatched" | "payer-deleted-subject" | "customer-not-found" | "customer-shared" | "customer-duplicate" | "double-billing" | "price-unmapped" | "plan-unknown" | "mode-mismatch" | "grants-disagree" | "grant-client-writable" | "refund-review" | "source-unreadable" | "mass-drift")[] | null;
            /**
             * @default high
             * @enum {string}
             */
            readonly minSeverity?: "low" | "medium" | "high" | "critical";
            /** @default null */
            readonly moneyAtLeast?: {
                readonly [key: string]: number;
            } | null;
            readonly name: string;
            /** @default null */
            readonly quietHours?: {
                /** @default true */
                readonly criticalPasses?: boolean;
                /**
                 * @default [
                 *       "monday",
                 *       "tuesday",
                 *       "wednesday",
                 *       "thursday",
                 *       "friday",
                 *       "saturday",
                 *       "sunday"
                 *     ]
                 */
                readonly days?: readonly ("monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday")[];
                readonly from: string;
                readonly timeZone: string;
                readonly to: string;
            } | null;
            /** @default true */
            readonly recovery?: boolean;
        };
        readonly AlertTest: {
            readonly deliveryId: string;
            /** @description What the receiver said, or why there was no answer. */
            readonly detail: string;
            readonly sent: boolean;
            readonly status: number | null;
        };
        readonly ApiKey: {
            readonly allowedAddresses: readonly string[] | null;
            /** Format: date-time */
            readonly createdAt: string;
            readonly createdBy: string;
            /** Format: date-time */
            readonly expiresAt: string | null;
            readonly keyId: string;
            /** @example tu_…x7Qz */
            readonly label: string;
            /**
             * Format: date-time
             * @description To the minute.
             */
            readonly lastUsedAt: string | null;
            readonly name: string;
            /** @description null: every project of the workspace. */
            readonly projectId: string | null;
            /** Format: date-time */
            readonly revokedAt: string | null;
            /** @enum {string} */
            readonly scope: "read" | "read+repair";
        };
        readonly CannotTell: {
            /** @enum {string|null} */
            readonly component: "paid" | "plan" | "trialEndsAt" | "entitlements" | "seats" | null;
            readonly found: string;
            readonly needed: string;
            readonly reason: string;
        };
        readonly Cause: {
            /**
             * @description Null: unknown.
             * @enum {string|null}
             */
            readonly confidence: "certain" | "likely" | "possible" | null;
            readonly evidence: readonly {
                /**
                 * Format: date-time
                 * @example 2026-11-21T09:30:00.000Z
                 */
                readonly at: string | null;
                /** @enum {string} */
                readonly fact: "drift-found" | "last-found-in-order" | "billing-changed" | "app-changed" | "event" | "event-undelivered" | "event-delivered" | "event-delivery-unknown" | "event-out-of-order" | "event-without-idempotency-key" | "app-not-changed-since" | "nothing-asked-for-it" | "config-changed" | "price-sold" | "deploy" | "many-alike" | "not-asked";
                /** @description An event, a version, a deploy, a price. */
                readonly object: string | null;
                readonly text: string;
            }[];
            /** @description The one thing that ends it, whomever it touches. */
            readonly fix: string;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly foundAt: string;
            /**
             * @description The same for all incidents that have it in common.
             * @example price-without-mapping:price_1
             */
            readonly id: string;
            /** @enum {string} */
            readonly kind: "price-without-mapping" | "config-change" | "event-not-delivered" | "deploy" | "event-applied-late" | "event-without-effect" | "manual-edit" | "dashboard-change" | "unknown";
            /** @description What they have in common: a price, a version, a deploy, a day. Empty where the cause is unknown. */
            readonly on: string;
            /** @description What else fits, less well. */
            readonly others: readonly {
                /**
                 * @description `certain`: the drift follows from it; `likely`: what was found fits it and nothing else; `possible`: others fit too.
                 * @enum {string}
                 */
                readonly confidence: "certain" | "likely" | "possible";
                /**
                 * @description The same for all incidents that have it in common.
                 * @example price-without-mapping:price_1
                 */
                readonly id: string;
                /** @enum {string} */
                readonly kind: "price-without-mapping" | "config-change" | "event-not-delivered" | "deploy" | "event-applied-late" | "event-without-effect" | "manual-edit" | "dashboard-change" | "unknown";
                /** @description What they have in common: a price, a version, a deploy, a day. Empty where the cause is unknown. */
                readonly on: string;
            }[];
            /** @description What broke, in a sentence. */
            readonly sentence: string;
        };
        readonly CauseGroup: {
            readonly byConfidence: {
                readonly certain?: number;
                readonly likely?: number;
                readonly possible?: number;
            };
            /**
             * @description The surest that any of them gives; null: unknown.
             * @enum {string|null}
             */
            readonly confidence: "certain" | "likely" | "possible" | null;
            /** @description Ids of the worst of them, five at most. */
            readonly examples: readonly string[];
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly firstOpenedAt: string;
            /** @description The one thing that ends it, whomever it touches. */
            readonly fix: string;
            /**
             * @description The same for all incidents that have it in common.
             * @example price-without-mapping:price_1
             */
            readonly id: string;
            readonly incidents: number;
            /** @enum {string} */
            readonly kind: "price-without-mapping" | "config-change" | "event-not-delivered" | "deploy" | "event-applied-late" | "event-without-effect" | "manual-edit" | "dashboard-change" | "unknown";
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly lastSeenAt: string;
            /** @description A month's of what is open or acknowledged. */
            readonly moneyAtRisk: {
                readonly both: readonly components["schemas"]["Money"][];
                readonly business: readonly components["schemas"]["Money"][];
                readonly customer: readonly components["schemas"]["Money"][];
            };
            /** @description What they have in common: a price, a version, a deploy, a day. Empty where the cause is unknown. */
            readonly on: string;
            /** @description What broke, in a sentence. */
            readonly sentence: string;
        };
        readonly Check: {
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly asOf: string;
            /** @description Whether nothing was left unread, so that absence means something. */
            readonly complete: boolean;
            readonly counts: {
                readonly agrees: number;
                readonly cannotTell: number;
                readonly customers: number;
                readonly drifts: number;
                readonly settling: number;
                readonly subjects: number;
            } | null;
            readonly dryRun: boolean;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly finishedAt: string | null;
            readonly id: string;
            /** @enum {string} */
            readonly kind: "full" | "recent" | "single";
            readonly parts: {
                readonly [key: string]: {
                    readonly code?: string;
                    readonly message?: string;
                    /** @enum {string} */
                    readonly state: "reading" | "complete" | "left-out" | "failed";
                };
            };
            /** @enum {string} */
            readonly phase: "read" | "match" | "compare" | "confirm" | "file" | "finished";
            readonly requests: {
                readonly [key: string]: number;
            };
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly startedAt: string;
        };
        readonly CheckPreview: {
            readonly checkId: string;
            readonly complete: boolean;
            readonly configFingerprint: string;
            readonly counts: {
                readonly agrees: number;
                readonly cannotTell: number;
                readonly customers: number;
                readonly drifts: number;
                readonly settling: number;
                readonly subjects: number;
            };
            readonly fields: readonly components["schemas"]["FieldCoverage"][];
            readonly kinds: readonly {
                readonly count: number;
                readonly examples: readonly components["schemas"]["PreviewExample"][];
                /** @enum {string} */
                readonly kind: "paid-without-access" | "access-without-payment" | "plan-too-low" | "plan-too-high" | "trial-cut-short" | "trial-overstayed" | "entitlement-missing" | "entitlement-extra" | "seats-short" | "seats-over" | "payer-unmatched" | "payer-deleted-subject" | "customer-not-found" | "customer-shared" | "customer-duplicate" | "double-billing" | "price-unmapped" | "plan-unknown" | "mode-mismatch" | "grants-disagree" | "grant-client-writable" | "refund-review" | "source-unreadable" | "mass-drift";
                readonly moneyAtRisk: readonly components["schemas"]["Money"][];
                readonly newCount: number;
                /** @enum {string} */
                readonly severity: "low" | "medium" | "high" | "critical";
                readonly touchedCount: number;
            }[];
            readonly matching: components["schemas"]["MatchCounts"];
            readonly moneyAtRisk: {
                readonly both: readonly components["schemas"]["Money"][];
                readonly business: readonly components["schemas"]["Money"][];
                readonly customer: readonly components["schemas"]["Money"][];
            };
            readonly newTotal: number;
            /** @description Incidents that would be filed. */
            readonly total: number;
            readonly warnings: readonly components["schemas"]["MappingWarning"][];
        };
        readonly ConfigProblem: {
            readonly code: string;
            readonly fix: string;
            readonly found: string;
            readonly needed: string;
            readonly path: string;
        };
        readonly ConfigVersion: components["schemas"]["ConfigVersionListed"] & {
            /** @description The same document as `trueup.config.ts`, as JSON. */
            readonly document?: unknown;
        };
        readonly ConfigVersionListed: {
            readonly author: string;
            /** @description Equal for versions that mean the same. */
            readonly fingerprint: string;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly madeAt: string;
            readonly note: string | null;
            /** @description The version that was brought back. */
            readonly revertsTo: number | null;
            readonly version: number;
        };
        readonly ConnectionFinding: {
            readonly fix: string | null;
            readonly found: string;
            readonly name: string;
            /** @enum {string} */
            readonly state: "ok" | "missing" | "warning" | "failed";
        };
        readonly Credential: {
            /**
             * @description Take a credential of another account, or of the other mode, than the one before.
             * @default false
             */
            readonly acceptOtherAccount?: boolean;
            /**
             * Format: password
             * @description Written only: never given back.
             */
            readonly key: string;
            /** @enum {string} */
            readonly kind: "stripe";
        } | {
            /**
             * @description Take a credential of another account, or of the other mode, than the one before.
             * @default false
             */
            readonly acceptOtherAccount?: boolean;
            /**
             * Format: password
             * @description Written only: never given back.
             */
            readonly key: string;
            /** @enum {string} */
            readonly kind: "clerk";
        } | {
            /**
             * @description Take a credential of another account, or of the other mode, than the one before.
             * @default false
             */
            readonly acceptOtherAccount?: boolean;
            /**
             * Format: password
             * @description Written only: never given back.
             */
            readonly key: string;
            /** @enum {string} */
            readonly kind: "clerk-repairs";
        } | {
            /**
             * @description Take a credential of another account, or of the other mode, than the one before.
             * @default false
             */
            readonly acceptOtherAccount?: boolean;
            /** @default false */
            readonly allowWriteRole?: boolean;
            /**
             * @description Certificates to pin, as PEM text.
             * @default null
             */
            readonly ca?: string | null;
            /** @enum {string} */
            readonly kind: "postgres";
            /**
             * @description As the configuration names the database.
             * @default postgres
             */
            readonly source?: string;
            /**
             * Format: password
             * @description Written only: never given back.
             */
            readonly url: string;
        } | {
            /**
             * @description Take a credential of another account, or of the other mode, than the one before.
             * @default false
             */
            readonly acceptOtherAccount?: boolean;
            /** @enum {string} */
            readonly kind: "postgres-repairs";
            /**
             * @description As the configuration names the database.
             * @default postgres
             */
            readonly source?: string;
            /**
             * Format: password
             * @description Written only: never given back.
             */
            readonly url: string;
        } | {
            /**
             * @description Take a credential of another account, or of the other mode, than the one before.
             * @default false
             */
            readonly acceptOtherAccount?: boolean;
            /** @enum {string} */
            readonly kind: "callback";
            /**
             * Format: password
             * @description Written only: never given back.
             */
            readonly secret: string;
            readonly url: string;
        };
        readonly CustomerAt: {
            readonly pairs: readonly {
                readonly exceptions: readonly {
                    readonly id: string;
                    readonly reason: string;
                    /**
                     * Format: date-time
                     * @example 2026-11-21T09:30:00.000Z
                     */
                    readonly until: string;
                }[];
                readonly granted: readonly components["schemas"]["GrantedLevel"][];
                readonly key: string;
                /** @description As it was worked out then. */
                readonly promised: {
                    readonly allowed: components["schemas"]["AccessLevel"];
                    readonly owed: components["schemas"]["AccessLevel"];
                } | null;
                /** @description What billing held then, under the policy and the catalogue as they hold now. */
                readonly promisedNow: {
                    readonly allowed: components["schemas"]["AccessLevel"];
                    readonly owed: components["schemas"]["AccessLevel"];
                } | null;
                /** @enum {string|null} */
                readonly promisedNowUnknown: "billing-not-kept" | "not-known-then" | null;
                /**
                 * Format: date-time
                 * @example 2026-11-21T09:30:00.000Z
                 */
                readonly seenAt: string | null;
                readonly there: boolean;
                /** @description null: what was is known. */
                readonly unknown: components["schemas"]["UnknownBecause"] | null;
            }[];
            readonly policyNow: {
                readonly [key: string]: unknown;
            };
            /** @description null: it is not known. */
            readonly policyThen: {
                readonly [key: string]: unknown;
            } | null;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly time: string;
        };
        readonly CustomerHistory: {
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly from: string;
            /** @description Plans in their order, the free one first. */
            readonly levels: readonly {
                readonly plan: string;
                readonly rank: number;
            }[];
            readonly marks: readonly {
                readonly act: string;
                /**
                 * Format: date-time
                 * @example 2026-11-21T09:30:00.000Z
                 */
                readonly at: string;
                readonly id: string;
                /** @enum {string} */
                readonly kind: "incident" | "repair" | "event" | "config" | "exception";
                readonly text: string;
            }[];
            /** @description There were more marks; the latest are given. */
            readonly marksCut: boolean;
            readonly pairs: readonly {
                readonly key: string;
                readonly stretches: readonly components["schemas"]["HistoryStretch"][];
                readonly subject: components["schemas"]["Subject"] | null;
            }[];
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly to: string;
        };
        readonly CustomerLine: {
            readonly customers: readonly {
                readonly email: string | null;
                readonly id: string;
                readonly name: string | null;
            }[];
            readonly emails: readonly string[];
            /** @example user:user_1 */
            readonly key: string;
            readonly name: string | null;
            readonly openIncidents: number;
            readonly settling: boolean;
            readonly subject: components["schemas"]["Subject"] | null;
            /** @enum {string} */
            readonly verdict: "agrees" | "drifts" | "cannot-tell";
        };
        readonly CustomerPair: {
            readonly cannotTell: readonly components["schemas"]["CannotTell"][];
            readonly complete: boolean;
            readonly customerIds: readonly string[];
            readonly drifts: readonly components["schemas"]["Drift"][];
            readonly granted: readonly {
                readonly least: components["schemas"]["Access"];
                readonly most: components["schemas"]["Access"];
                /** @enum {string} */
                readonly record: "live" | "deleted" | "missing";
                readonly source: string;
                /**
                 * Format: date-time
                 * @example 2026-11-21T09:30:00.000Z
                 */
                readonly updatedAt: string | null;
            }[];
            readonly key: string;
            readonly promised: {
                readonly allowed: components["schemas"]["Access"];
                readonly owed: components["schemas"]["Access"];
                readonly unknown: readonly ({
                    readonly reason: string;
                } & {
                    readonly [key: string]: unknown;
                })[];
            };
            readonly readings: readonly {
                readonly ageSeconds: number;
                /**
                 * Format: date-time
                 * @example 2026-11-21T09:30:00.000Z
                 */
                readonly readAt: string;
                /** @enum {string} */
                readonly side: "billing" | "access";
                readonly source: string;
            }[];
            readonly settling: boolean;
            readonly subject: components["schemas"]["Subject"] | null;
            /** @enum {string} */
            readonly verdict: "agrees" | "drifts" | "cannot-tell";
        };
        readonly CustomerState: {
            /** @enum {string} */
            readonly as: "last-check" | "now";
            readonly checkId: string | null;
            readonly incidents: readonly components["schemas"]["Incident"][];
            readonly pairs: readonly components["schemas"]["CustomerPair"][];
        };
        readonly Deletion: {
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly askedAt: string;
            readonly askedBy: string;
            /**
             * Format: date-time
             * @description Until then it can be taken back; then everything but the ledger is erased.
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly dueAt: string;
        };
        readonly Delivery: {
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly createdAt: string;
            /**
             * Format: date-time
             * @description When it is tried next.
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly dueAt: string | null;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly endedAt: string | null;
            /** @enum {string|null} */
            readonly heldFor: "gathering" | "quiet-hours" | "rate-limit" | null;
            readonly id: string;
            /** @description The same at every try. */
            readonly messageId: string;
            readonly problem: string | null;
            /**
             * @description set-aside: every try failed, or the receiver will never take it; it can be sent again. dropped: there was nothing left to say, or nobody to say it to.
             * @enum {string}
             */
            readonly state: "waiting" | "sent" | "set-aside" | "dropped";
            /** @description The channel or the endpoint that it is for. */
            readonly targetId: string;
            readonly tries: number;
            /** @example incident.opened */
            readonly type: string;
        };
        readonly Demo: {
            /** @description Whether whoever runs the service keeps demos. */
            readonly allowed: boolean;
            /** @description Why it could not be made ready. Reset it. */
            readonly failure: string | null;
            readonly project: components["schemas"]["Project"] | null;
            /**
             * @description `none`: the workspace has none. `preparing`: its first check and its story are under way. `ready`: everything is there.
             * @enum {string}
             */
            readonly state: "none" | "preparing" | "ready" | "failed";
        };
        readonly Deploy: {
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly at: string;
            readonly by: string;
            readonly id: string;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly markedAt: string;
            readonly url: string | null;
            readonly version: string;
        };
        readonly Drift: {
            readonly allowed: string | number | boolean | null | readonly string[];
            readonly component: string;
            readonly evidence: readonly components["schemas"]["Evidence"][];
            readonly granted: string | number | boolean | null | readonly string[];
            /** @enum {string} */
            readonly hurts: "customer" | "business" | "both";
            /** @enum {string} */
            readonly kind: "paid-without-access" | "access-without-payment" | "plan-too-low" | "plan-too-high" | "trial-cut-short" | "trial-overstayed" | "entitlement-missing" | "entitlement-extra" | "seats-short" | "seats-over" | "payer-unmatched" | "payer-deleted-subject" | "customer-not-found" | "customer-shared" | "customer-duplicate" | "double-billing" | "price-unmapped" | "plan-unknown" | "mode-mismatch" | "grants-disagree" | "grant-client-writable" | "refund-review" | "source-unreadable" | "mass-drift";
            readonly moneyAtRisk: components["schemas"]["Money"] | null;
            readonly moneyNote: string | null;
            readonly owed: string | number | boolean | null | readonly string[];
            readonly sentence: string;
        };
        readonly DueCheck: {
            readonly attempts: number;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly dueSince: string;
            readonly failure: {
                /**
                 * Format: date-time
                 * @example 2026-11-21T09:30:00.000Z
                 */
                readonly at: string;
                readonly code: string;
                readonly message: string;
            } | null;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly notBefore: string;
            /** @enum {string} */
            readonly state: "due" | "set-aside";
            readonly target: components["schemas"]["EventTarget"];
        };
        readonly Event: {
            /**
             * Format: date-time
             * @description When the check that followed from it was completed.
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly checkedAt: string | null;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly createdAt: string;
            /** @description How often it came. 0: it never came, and was found in the list of the provider. */
            readonly deliveries: number;
            /** @enum {string} */
            readonly foundBy: "webhook" | "sweep";
            /** @example evt_1PqY2bK3 */
            readonly id: string;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly lastDeliveredAt: string | null;
            /** @enum {string|null} */
            readonly noEffect: "type-not-acted-on" | "nobody-named" | null;
            readonly objectId: string | null;
            /** @enum {string} */
            readonly provider: "stripe" | "clerk";
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly receivedAt: string;
            readonly replays: number;
            readonly target: components["schemas"]["EventTarget"] | null;
            readonly twinOf: string | null;
            /** @example customer.subscription.updated */
            readonly type: string;
            /**
             * @description `twin`: another event told of the same change before.
             * @enum {string}
             */
            readonly verdict: "acted-on" | "twin" | "not-acted-on";
        };
        readonly EventInFull: {
            /**
             * Format: date-time
             * @description When the check that followed from it was completed.
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly checkedAt: string | null;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly createdAt: string;
            /** @description How often it came. 0: it never came, and was found in the list of the provider. */
            readonly deliveries: number;
            /** @enum {string} */
            readonly foundBy: "webhook" | "sweep";
            /** @example evt_1PqY2bK3 */
            readonly id: string;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly lastDeliveredAt: string | null;
            /** @enum {string|null} */
            readonly noEffect: "type-not-acted-on" | "nobody-named" | null;
            readonly objectId: string | null;
            /** @description Without secrets; null once it was forgotten. */
            readonly payload?: unknown;
            /** @enum {string} */
            readonly provider: "stripe" | "clerk";
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly receivedAt: string;
            readonly replays: number;
            readonly target: components["schemas"]["EventTarget"] | null;
            readonly twinOf: string | null;
            /** @example customer.subscription.updated */
            readonly type: string;
            /**
             * @description `twin`: another event told of the same change before.
             * @enum {string}
             */
            readonly verdict: "acted-on" | "twin" | "not-acted-on";
        };
        /** @description Whom it makes due for a check. An object leads to its customer. */
        readonly EventTarget: {
            readonly id: string;
            /** @enum {string} */
            readonly kind: "customer" | "subject" | "object";
        };
        readonly Evidence: {
            readonly field: string;
            readonly object: string;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly readAt: string;
            readonly source: string;
            readonly value: string | null;
        };
        readonly Exception: {
            readonly allowed: {
                readonly entitlements?: readonly string[] | "every";
                readonly paid?: boolean;
                readonly plan?: string;
                readonly seats?: number | "unlimited" | null;
                /** @description `unlimited`: any trial end is as good as another; null: no trial. */
                readonly trialEndsAt?: string | "unlimited" | null;
            };
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly createdAt: string;
            readonly createdBy: string;
            /**
             * Format: date-time
             * @description When a person ended it before its time.
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly endedAt: string | null;
            readonly id: string;
            /** @description The member of the team who answers for it. */
            readonly owner: string;
            readonly reason: string;
            readonly running: boolean;
            readonly subject: components["schemas"]["Subject"];
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly until: string;
        };
        readonly FieldCoverage: {
            readonly examples: readonly string[];
            readonly path: string;
            readonly sampled: number;
            readonly seen: number;
            readonly source: string;
            /** @enum {string} */
            readonly type: "user" | "organization";
        };
        readonly GrantedLevel: {
            readonly least: components["schemas"]["AccessLevel"];
            readonly most: components["schemas"]["AccessLevel"];
            /** @enum {string} */
            readonly record: "live" | "deleted" | "missing";
            /** @description null: every source said the same. */
            readonly source: string | null;
        };
        readonly GuidedClerkRepair: {
            readonly checkAgain: {
                readonly customer: string;
                /** @enum {string} */
                readonly method: "POST";
                readonly path: string;
            };
            readonly fields: readonly {
                readonly before: string | null;
                /** @description A JSON value; left out where there is none. */
                readonly expected?: unknown;
                /** @example public_metadata.plan */
                readonly field: string;
            }[];
            /** @description In Clerk's dashboard. */
            readonly link: string | null;
            readonly requests: readonly {
                readonly body: string;
                /** @description For a shell in which CLERK_SECRET_KEY is set; the key never stands here. */
                readonly curl: string;
                /** @enum {string} */
                readonly method: "PATCH" | "POST";
                readonly url: string;
            }[];
            readonly subject: components["schemas"]["Subject"];
        };
        readonly HistoryStretch: {
            readonly allowed: components["schemas"]["AccessLevel"] | null;
            readonly checkId: string | null;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly from: string;
            readonly granted: readonly components["schemas"]["GrantedLevel"][];
            /** @enum {boolean} */
            readonly known: true;
            readonly owed: components["schemas"]["AccessLevel"] | null;
            /** @description False: there was no such subject, or payer without one. */
            readonly there: boolean;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly to: string;
        } | {
            readonly because: components["schemas"]["UnknownBecause"];
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly from: string;
            /** @enum {boolean} */
            readonly known: false;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly to: string;
        };
        readonly Incident: {
            readonly access: {
                readonly allowed: components["schemas"]["Access"];
                readonly granted: components["schemas"]["Access"];
                readonly owed: components["schemas"]["Access"];
            } | null;
            readonly allowed: string | number | boolean | null | readonly string[];
            readonly assignee: string | null;
            readonly component: string;
            readonly customerId: string | null;
            readonly evidence: readonly components["schemas"]["Evidence"][];
            readonly granted: string | number | boolean | null | readonly string[];
            readonly history: readonly components["schemas"]["IncidentEntry"][];
            /** @enum {string} */
            readonly hurts: "customer" | "business" | "both";
            readonly id: string;
            /** @description What makes it one incident, however often it is found. */
            readonly identity: {
                readonly component: string;
                /** @enum {string} */
                readonly kind: "paid-without-access" | "access-without-payment" | "plan-too-low" | "plan-too-high" | "trial-cut-short" | "trial-overstayed" | "entitlement-missing" | "entitlement-extra" | "seats-short" | "seats-over" | "payer-unmatched" | "payer-deleted-subject" | "customer-not-found" | "customer-shared" | "customer-duplicate" | "double-billing" | "price-unmapped" | "plan-unknown" | "mode-mismatch" | "grants-disagree" | "grant-client-writable" | "refund-review" | "source-unreadable" | "mass-drift";
                readonly on: string;
            };
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly ignoredUntil: string | null;
            /** @enum {string} */
            readonly kind: "paid-without-access" | "access-without-payment" | "plan-too-low" | "plan-too-high" | "trial-cut-short" | "trial-overstayed" | "entitlement-missing" | "entitlement-extra" | "seats-short" | "seats-over" | "payer-unmatched" | "payer-deleted-subject" | "customer-not-found" | "customer-shared" | "customer-duplicate" | "double-billing" | "price-unmapped" | "plan-unknown" | "mode-mismatch" | "grants-disagree" | "grant-client-writable" | "refund-review" | "source-unreadable" | "mass-drift";
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly lastSeenAt: string;
            readonly moneyAtRisk: components["schemas"]["Money"] | null;
            readonly moneyNote: string | null;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly openedAt: string;
            readonly openings: number;
            readonly owed: string | number | boolean | null | readonly string[];
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly resolvedAt: string | null;
            /** @description What is wrong, in one sentence. */
            readonly sentence: string;
            /** @enum {string} */
            readonly severity: "low" | "medium" | "high" | "critical";
            /** @enum {string} */
            readonly state: "open" | "acknowledged" | "resolved" | "ignored";
            readonly subject: components["schemas"]["Subject"] | null;
            readonly touched: readonly string[];
            readonly touchedCount: number;
        };
        readonly IncidentActed: {
            readonly code: string | null;
            readonly fix: string | null;
            readonly id: string;
            readonly message: string | null;
            /** @enum {string} */
            readonly outcome: "changed" | "unchanged" | "refused";
            /** @enum {string|null} */
            readonly state: "open" | "acknowledged" | "resolved" | "ignored" | null;
        };
        readonly IncidentCounts: {
            readonly byKind: {
                readonly "access-without-payment"?: number;
                readonly "customer-duplicate"?: number;
                readonly "customer-not-found"?: number;
                readonly "customer-shared"?: number;
                readonly "double-billing"?: number;
                readonly "entitlement-extra"?: number;
                readonly "entitlement-missing"?: number;
                readonly "grant-client-writable"?: number;
                readonly "grants-disagree"?: number;
                readonly "mass-drift"?: number;
                readonly "mode-mismatch"?: number;
                readonly "paid-without-access"?: number;
                readonly "payer-deleted-subject"?: number;
                readonly "payer-unmatched"?: number;
                readonly "plan-too-high"?: number;
                readonly "plan-too-low"?: number;
                readonly "plan-unknown"?: number;
                readonly "price-unmapped"?: number;
                readonly "refund-review"?: number;
                readonly "seats-over"?: number;
                readonly "seats-short"?: number;
                readonly "source-unreadable"?: number;
                readonly "trial-cut-short"?: number;
                readonly "trial-overstayed"?: number;
            };
            readonly bySeverity: {
                readonly critical?: number;
                readonly high?: number;
                readonly low?: number;
                readonly medium?: number;
            };
            readonly byState: {
                readonly acknowledged?: number;
                readonly ignored?: number;
                readonly open?: number;
                readonly resolved?: number;
            };
            /** @description In what is open or acknowledged, by who bears it. */
            readonly moneyAtRisk: {
                readonly both: readonly components["schemas"]["Money"][];
                readonly business: readonly components["schemas"]["Money"][];
                readonly customer: readonly components["schemas"]["Money"][];
            };
            readonly total: number;
        };
        readonly IncidentEntry: {
            /** @enum {string} */
            readonly act: "incident-opened" | "incident-seen-again" | "incident-reopened" | "incident-acknowledged" | "incident-ignored" | "incident-assigned" | "incident-commented" | "incident-resolved";
            readonly assignee?: string | null;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly at: string;
            /** @description `check:<id>`, `repair:<id>`, or a person or key. */
            readonly by: string;
            readonly note: string | null;
        };
        readonly IncidentView: {
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly changedAt: string;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly createdAt: string;
            readonly id: string;
            readonly name: string;
            /**
             * @description The query of `GET incidents`, without `after` and `limit`.
             * @example {
             *       "severity": [
             *         "critical",
             *         "high"
             *       ],
             *       "sort": "money"
             *     }
             */
            readonly query: {
                readonly [key: string]: string | readonly string[];
            };
        };
        readonly IncidentWithCause: components["schemas"]["Incident"] & {
            /** @description Null: it is not worked out yet. */
            readonly cause: components["schemas"]["Cause"] | null;
        };
        readonly Invite: {
            /** Format: date-time */
            readonly createdAt: string;
            readonly email: string;
            /** Format: date-time */
            readonly expiresAt: string;
            readonly invitedBy: string;
            readonly inviteId: string;
            /** @enum {string} */
            readonly role: "viewer" | "member" | "admin";
        };
        readonly LedgerEntry: {
            readonly about: {
                readonly [key: string]: string;
            };
            readonly act: string;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly at: string;
            readonly by: string;
            readonly erased: boolean;
            readonly facts: {
                readonly [key: string]: unknown;
            };
            readonly hash: string;
            /** @description Subjects, customers and their values; null once erased. */
            readonly personal?: unknown;
            readonly persons: readonly string[];
            readonly sequence: number;
        };
        readonly LedgerStanding: {
            /** @description The last signed statement of what the ledger was, as a C2SP signed note. */
            readonly checkpoint: {
                readonly note: string;
                /**
                 * Format: date-time
                 * @example 2026-11-21T09:30:00.000Z
                 */
                readonly signedAt: string;
                readonly size: number;
            } | null;
            readonly origin: string | null;
            readonly size: number;
            /** @description Why the last entries are not signed; null: they are, or soon will be. */
            readonly unsigned: {
                readonly code: string;
                readonly fix: string;
                readonly message: string;
            } | null;
        };
        readonly MappingWarning: {
            /** @enum {string} */
            readonly code: "not-read-whole" | "no-customers" | "no-subjects" | "nobody-matched" | "payers-unmatched" | "mass-drift" | "kind-too-frequent" | "cannot-tell-too-often" | "price-unmapped" | "plan-value-unknown" | "field-never-found" | "field-writable-by-users";
            readonly fix: string;
            readonly message: string;
            /** @description The price, app value or field that it names. */
            readonly on: string | null;
            /**
             * @description Where it is mended.
             * @enum {string}
             */
            readonly step: "stripe" | "database" | "identity" | "plans" | "access";
            readonly touches: number | null;
        };
        readonly MatchCounts: {
            readonly ambiguous: {
                readonly customers: number;
                readonly paying: number;
            };
            readonly byRule: readonly {
                readonly customers: number;
                readonly paying: number;
                readonly rule: string;
            }[];
            readonly matchedSubjects: number;
            readonly subjects: number;
            readonly unmatched: {
                readonly customers: number;
                readonly paying: number;
            };
        };
        readonly Member: {
            readonly email: string;
            readonly hasTwoFactor: boolean;
            /** Format: date-time */
            readonly joinedAt: string;
            readonly name: string;
            readonly personId: string;
            /** @enum {string} */
            readonly role: "viewer" | "member" | "admin" | "owner";
        };
        readonly Money: {
            /** @description In minor units: cents of a dollar, yen. */
            readonly amount: number;
            /** @example usd */
            readonly currency: string;
        };
        /** @description A month of it, by who bears it, one sum a currency. */
        readonly MoneyByBearer: {
            readonly both: readonly components["schemas"]["Money"][];
            readonly business: readonly components["schemas"]["Money"][];
            readonly customer: readonly components["schemas"]["Money"][];
        };
        readonly MoneyDay: {
            /** @description A month's, at the end of the span, by who bears it. */
            readonly atRisk: {
                readonly both: readonly components["schemas"]["Money"][];
                readonly business: readonly components["schemas"]["Money"][];
                readonly customer: readonly components["schemas"]["Money"][];
            };
            /**
             * @description By the project's clock.
             * @example 2026-11-21
             */
            readonly day: string;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly from: string;
            /** @description Lost in the span through access that nobody paid for. */
            readonly lost: readonly components["schemas"]["Money"][];
            /** @description Paid in the span by customers for what they did not have. */
            readonly owed: readonly components["schemas"]["Money"][];
            /** @description A month's, that was put right in the span, less what came back. It can be below zero. */
            readonly recovered: readonly components["schemas"]["Money"][];
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly until: string;
        };
        /** @description Of all the days that are shown. */
        readonly MoneySpan: {
            /** @description A month's, at the end of the span, by who bears it. */
            readonly atRisk: {
                readonly both: readonly components["schemas"]["Money"][];
                readonly business: readonly components["schemas"]["Money"][];
                readonly customer: readonly components["schemas"]["Money"][];
            };
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly from: string;
            /** @description Lost in the span through access that nobody paid for. */
            readonly lost: readonly components["schemas"]["Money"][];
            /** @description Paid in the span by customers for what they did not have. */
            readonly owed: readonly components["schemas"]["Money"][];
            /** @description A month's, that was put right in the span, less what came back. It can be below zero. */
            readonly recovered: readonly components["schemas"]["Money"][];
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly until: string;
        };
        readonly Onboarding: {
            readonly answers: components["schemas"]["OnboardingAnswers"];
            /** @description Of the configuration in force; null: there is none. */
            readonly configVersion: number | null;
            /**
             * @description The first step that is not done.
             * @enum {string}
             */
            readonly current: "stack" | "stripe" | "database" | "identity" | "plans" | "access" | "dry-run" | "go-live";
            /** @description The configuration as far as it was filled in. It is not in force; null: there is none. */
            readonly draft?: unknown;
            /** @description The newest under the configuration in force. */
            readonly dryRun: {
                readonly checkId: string;
                /**
                 * Format: date-time
                 * @example 2026-11-21T09:30:00.000Z
                 */
                readonly finishedAt: string | null;
                /**
                 * Format: date-time
                 * @example 2026-11-21T09:30:00.000Z
                 */
                readonly startedAt: string;
            } | null;
            readonly isDone: boolean;
            readonly projectId: string;
            readonly steps: readonly components["schemas"]["OnboardingStep"][];
            readonly webhooks: readonly {
                readonly hasSecret: boolean;
                /**
                 * Format: date-time
                 * @description When an event of the provider's own came last.
                 * @example 2026-11-21T09:30:00.000Z
                 */
                readonly lastEventAt: string | null;
                /**
                 * Format: date-time
                 * @example 2026-11-21T09:30:00.000Z
                 */
                readonly lastTestAt: string | null;
                /** @enum {string} */
                readonly provider: "stripe" | "clerk";
                /** @description To be entered in the dashboard of the provider. */
                readonly url: string;
            }[];
        };
        readonly OnboardingAnswers: {
            /**
             * @description Warnings of the dry run that a person takes for right, as `code` or `code:on`.
             * @example [
             *       "price-unmapped:price_1"
             *     ]
             */
            readonly acceptedWarnings: readonly string[];
            /**
             * @description Where the app keeps who has paid access.
             * @enum {string|null}
             */
            readonly access: "clerk" | "postgres" | "both" | "push" | null;
            /**
             * @description `organizations`: B2B.
             * @enum {string|null}
             */
            readonly audience: "users" | "organizations" | "both" | null;
            /** @enum {string|null} */
            readonly billing: "stripe" | "clerk-billing" | null;
            /** @enum {string|null} */
            readonly framework: "next" | "remix" | "express" | "fastify" | "hono" | "rails" | "django" | "laravel" | "other" | null;
        };
        readonly OnboardingLine: {
            /** @enum {string} */
            readonly code: "framework" | "billing" | "audience" | "access-place" | "source-connected" | "source-missing" | "source-failing" | "source-warning" | "modes-differ" | "signing-secret" | "config-missing" | "config-unreadable" | "matched-automatically" | "match-rules" | "match-counts" | "plans" | "add-ons" | "fields" | "organizations" | "mapping-warning" | "dry-run-missing" | "dry-run-running" | "dry-run-result" | "project-state" | "webhook-event" | "webhook-test" | "webhook-waiting" | "address-local" | "schedule" | "alerts";
            /** @description What to do; null: nothing. */
            readonly fix: string | null;
            readonly text: string;
        };
        readonly OnboardingStep: {
            readonly found: readonly components["schemas"]["OnboardingLine"][];
            /**
             * @description A few words for the rail.
             * @example Matched automatically
             */
            readonly hint: string;
            /** @enum {string} */
            readonly key: "stack" | "stripe" | "database" | "identity" | "plans" | "access" | "dry-run" | "go-live";
            /** @description Without these the step is not done. */
            readonly needed: readonly components["schemas"]["OnboardingLine"][];
            readonly number: number;
            /** @enum {string} */
            readonly state: "not-started" | "needs-something" | "warnings" | "done";
            /** @example Identity mapping */
            readonly title: string;
            readonly warnings: readonly components["schemas"]["OnboardingLine"][];
        };
        readonly OutgoingWebhook: {
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly createdAt: string;
            readonly description: string;
            /** @description Why it was switched off by itself. */
            readonly disabledBecause: string | null;
            readonly enabled: boolean;
            /**
             * Format: date-time
             * @description Since when nothing has been taken.
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly failingSince: string | null;
            /** @example whe_k3vq2j6w5xnyt4zr7m2s5b3d */
            readonly id: string;
            /** @description What the endpoint is told of. */
            readonly messageTypes: readonly ("incident.opened" | "incident.resolved" | "incident.reopened" | "incident.acknowledged" | "incident.ignored" | "repair.proposed" | "repair.approved" | "repair.applied" | "repair.verified" | "repair.failed" | "repair.undone" | "check.finished")[];
            /**
             * Format: date-time
             * @description Until when the secret before this one signs as well.
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly previousSecretUntil: string | null;
            /** @example whsec_…q8A= */
            readonly secretHint: string;
            readonly url: string;
        };
        readonly OutgoingWebhookWithSecret: {
            readonly endpoint: components["schemas"]["OutgoingWebhook"];
            /** @description What signs. Shown this once. */
            readonly secret: string;
        };
        readonly Parity: {
            readonly agrees: number;
            readonly cannotTell: number;
            readonly checkId: string;
            readonly customers: number;
            readonly drifts: number;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly finishedAt: string;
            readonly moneyAtRisk: {
                readonly both: readonly components["schemas"]["Money"][];
                readonly business: readonly components["schemas"]["Money"][];
                readonly customer: readonly components["schemas"]["Money"][];
            };
            /** @description Everybody who was compared. */
            readonly pairs: number;
            readonly settling: number;
            /**
             * @description In agreement, from 0 to 1.
             * @example 0.9875
             */
            readonly share: number;
            readonly subjects: number;
        };
        readonly ParityDay: {
            /**
             * @description By the project's clock.
             * @example 2026-11-21
             */
            readonly day: string;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly from: string;
            /** @description By the last full check of the day that read everything; null: none did. */
            readonly parity: components["schemas"]["Parity"] | null;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly until: string;
        };
        readonly PreviewExample: {
            readonly allowed: string | number | boolean | null | readonly string[];
            readonly component: string;
            readonly customerId: string | null;
            readonly granted: string | number | boolean | null | readonly string[];
            /** @enum {string} */
            readonly hurts: "customer" | "business" | "both";
            readonly id: string;
            /** @description No incident stands open for it yet. */
            readonly isNew: boolean;
            readonly moneyAtRisk: components["schemas"]["Money"] | null;
            readonly moneyNote: string | null;
            readonly owed: string | number | boolean | null | readonly string[];
            readonly sentence: string;
            readonly subject: components["schemas"]["Subject"] | null;
        };
        readonly Problem: {
            /** @description Closed and stable: decide by it. */
            readonly code: string;
            /** @description What was found and what was needed. */
            readonly detail: string;
            /** @description What the test of a credential found. */
            readonly findings?: readonly {
                readonly fix: string | null;
                readonly found: string;
                readonly name: string;
                /** @enum {string} */
                readonly state: "ok" | "missing" | "warning" | "failed";
            }[];
            /** @description What to do. */
            readonly fix: string;
            /** @description Everything that is wrong with what was sent, and where. */
            readonly problems?: readonly {
                readonly at: string;
                readonly message: string;
            }[];
            readonly requestId: string;
            readonly status: number;
            readonly title: string;
            readonly type: string;
        };
        readonly Project: {
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly createdAt: string;
            /** @description Null: nobody asked for it to be deleted. */
            readonly deletion: components["schemas"]["Deletion"] | null;
            /** @description It stands on made-up accounts of the service's own. `POST workspaces/{workspaceId}/demo` makes one. */
            readonly demo: boolean;
            /** @example prj_k3vq2j6w5xnyt4zr7m2s5b3d */
            readonly id: string;
            /**
             * @description 1 to 80 characters.
             * @example My app
             */
            readonly name: string;
            /**
             * @description Only a live project is checked by itself and takes its schedules.
             * @enum {string}
             */
            readonly state: "setting-up" | "live" | "paused";
            /**
             * @description IANA name.
             * @example Europe/Berlin
             */
            readonly timeZone: string;
            readonly workspaceId: string;
        };
        readonly Push: {
            readonly mode: string;
            readonly nextSequence: number;
            readonly push: string;
            readonly received: number;
            readonly result?: unknown;
            readonly source: string;
            /** @enum {string} */
            readonly state: "open" | "finished";
        };
        readonly PushSecret: {
            readonly id: string;
            /** @description Its last four characters. */
            readonly label: string;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly lastUsedAt: string | null;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly madeAt: string;
            readonly madeBy: string;
        };
        readonly Refusal: {
            readonly count: number;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly firstAt: string;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly lastAt: string;
            /** @enum {string} */
            readonly provider: "stripe" | "clerk";
            readonly reason: string;
        };
        readonly Repair: {
            readonly act: string;
            readonly answers: readonly {
                /**
                 * Format: date-time
                 * @example 2026-11-21T09:30:00.000Z
                 */
                readonly at: string;
                readonly code: string | null;
                readonly kind: string;
                readonly message: string | null;
            }[];
            readonly approvals: readonly {
                /**
                 * Format: date-time
                 * @example 2026-11-21T09:30:00.000Z
                 */
                readonly at: string;
                readonly by: string;
                /**
                 * Format: date-time
                 * @example 2026-11-21T09:30:00.000Z
                 */
                readonly expiresAt: string;
            }[];
            readonly approvalsNeeded: number;
            readonly batch: {
                readonly id: string;
                readonly position: number;
                readonly size: number;
            } | null;
            readonly changes: readonly {
                /** @description A JSON value; left out where there is none. */
                readonly after?: unknown;
                /** @description A JSON value; left out where there is none. */
                readonly before?: unknown;
                readonly field: string;
            }[];
            readonly checkId: string;
            readonly container: string;
            readonly customerId: string | null;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly endedAt: string | null;
            readonly history: readonly {
                readonly act: string;
                /**
                 * Format: date-time
                 * @example 2026-11-21T09:30:00.000Z
                 */
                readonly at: string;
                readonly by: string;
                readonly note: string | null;
            }[];
            /** @enum {string} */
            readonly how: "function" | "plain-role" | "merge-patch" | "callback";
            /** @enum {string} */
            readonly hurts: "customer" | "business" | "both";
            readonly id: string;
            readonly incidentId: string;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly intendedAt: string | null;
            /** @enum {string} */
            readonly kind: "paid-without-access" | "access-without-payment" | "plan-too-low" | "plan-too-high" | "trial-cut-short" | "trial-overstayed" | "entitlement-missing" | "entitlement-extra" | "seats-short" | "seats-over" | "payer-unmatched" | "payer-deleted-subject" | "customer-not-found" | "customer-shared" | "customer-duplicate" | "double-billing" | "price-unmapped" | "plan-unknown" | "mode-mismatch" | "grants-disagree" | "grant-client-writable" | "refund-review" | "source-unreadable" | "mass-drift";
            readonly paying: boolean;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly proposedAt: string;
            readonly proposedBy: string;
            readonly record: string;
            readonly sideEffects: readonly string[];
            readonly source: string;
            /** @enum {string} */
            readonly state: "proposed" | "approved" | "executing" | "applied" | "verified" | "differs" | "conflict" | "superseded" | "expired" | "rejected" | "denied" | "abandoned" | "untold";
            readonly subject: components["schemas"]["Subject"];
            readonly summary: string;
            readonly takesAway: boolean;
            readonly twoPersonReasons: readonly ("many-rows" | "takes-from-payer")[];
            readonly undoes: string | null;
        };
        readonly RepairPlan: {
            readonly act: string;
            readonly changes: readonly {
                /** @description A JSON value; left out where there is none. */
                readonly after?: unknown;
                readonly before: string | null;
                readonly field: string;
                readonly source: string;
                readonly target: string;
            }[];
            /** @description What a person does in Clerk; null where the plan changes nothing there. */
            readonly guided: components["schemas"]["GuidedClerkRepair"] | null;
            readonly link: string | null;
            readonly statements: readonly string[];
            readonly steps: readonly string[];
            readonly summary: string;
        };
        readonly Schedule: {
            /** @example 0 3 * * * */
            readonly cron: string;
            /**
             * Format: date-time
             * @description When it is next due, with the share of the jitter that this project has.
             */
            readonly dueAt: string;
            readonly enabled: boolean;
            /** Format: date-time */
            readonly lastDueAt: string | null;
            /** @enum {string} */
            readonly task: "full-check" | "recent-check" | "digest";
        };
        readonly Schedules: {
            readonly schedules: readonly components["schemas"]["Schedule"][];
            readonly timeZone: string;
        };
        readonly SigningSecret: {
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly addedAt: string;
            readonly addedBy: string;
            /**
             * Format: date-time
             * @description Signs until then; null: until it is removed.
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly expiresAt: string | null;
            readonly id: string;
            /** @example whsec_…c9Lr */
            readonly label: string;
        };
        readonly SignInStep: {
            /**
             * @description done: the cookie of the session is set; code: the second factor is asked for next.
             * @enum {string}
             */
            readonly next: "done" | "code";
        };
        readonly Source: {
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly connectedAt: string;
            readonly connectedBy: string;
            /** @description What the last test failed with; null: it passed. */
            readonly failure: {
                readonly code: string;
                readonly fix: string;
                readonly message: string;
            } | null;
            readonly findings: readonly components["schemas"]["ConnectionFinding"][];
            readonly isLive: boolean | null;
            /** @enum {string} */
            readonly kind: "stripe" | "clerk" | "postgres" | "clerk-repairs" | "postgres-repairs" | "callback";
            /** @description The credential by its prefix and last four characters, or role and place of a database. */
            readonly label: string;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly lastUsedAt: string | null;
            readonly lastUsedFor: string | null;
            /** @description `stripe`, `clerk`, `callback`, the name of a database, or `repair:` and the source that it repairs. */
            readonly name: string;
            readonly place: string;
            readonly settings: {
                readonly allowWriteRole: boolean;
                readonly ca: string | null;
                readonly url: string | null;
            };
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly testedAt: string;
            readonly uses: number;
        };
        readonly StripePermission: {
            readonly fix: string | null;
            readonly isRequired: boolean;
            /** @enum {string} */
            readonly level: "read";
            /** @description What is lost without it; null: every check needs it. */
            readonly loss: string | null;
            readonly message: string | null;
            /** @example rak_customer_read */
            readonly name: string;
            readonly purpose: string;
            /**
             * @description `unknown`: no key was tested yet.
             * @enum {string}
             */
            readonly state: "granted" | "missing" | "unknown";
            /**
             * @description As Stripe's dashboard writes it.
             * @example Customers
             */
            readonly what: string;
        };
        readonly Subject: {
            readonly id: string;
            /** @enum {string} */
            readonly type: "user" | "organization";
        };
        readonly TableProposal: {
            readonly entitlementRows: {
                readonly evidence: readonly string[];
                readonly shape: {
                    readonly [key: string]: string;
                };
                readonly weight: number;
            } | null;
            /** @description Why this table. */
            readonly evidence: readonly string[];
            readonly fields: readonly {
                readonly alternatives: readonly {
                    readonly column: string;
                    /** @description Why, the strongest first. */
                    readonly evidence: readonly string[];
                    readonly field: string;
                    readonly weight: number;
                }[];
                readonly column: string;
                /** @description Why, the strongest first. */
                readonly evidence: readonly string[];
                readonly field: string;
                readonly weight: number;
            }[];
            readonly key: {
                readonly column: string;
                /** @description Why, the strongest first. */
                readonly evidence: readonly string[];
                readonly field: string;
                readonly weight: number;
            };
            readonly members: {
                readonly evidence: readonly string[];
                readonly shape: {
                    readonly [key: string]: string;
                };
                readonly weight: number;
            } | null;
            readonly missing: readonly string[];
            readonly schema: string;
            /** @description As `users` or `organizations` of the configuration takes it. */
            readonly shape?: unknown;
            readonly table: string;
            /** @enum {string} */
            readonly type: "user" | "organization";
            readonly weight: number;
        };
        readonly TestEvent: {
            /**
             * Format: date-time
             * @description Null: it was not stored.
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly arrivedAt: string | null;
            readonly eventId: string;
            readonly fix: string | null;
            readonly message: string;
            /** @enum {string} */
            readonly provider: "stripe" | "clerk";
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly sentAt: string;
            /**
             * @description No provider sends an event on demand to one endpoint alone, so Trueup signs it itself.
             * @enum {string}
             */
            readonly signedBy: "trueup";
            /** @description Null: nothing answered. */
            readonly status: number | null;
            readonly url: string;
        };
        readonly Timeline: {
            readonly next: number | null;
            readonly steps: readonly {
                readonly access: {
                    readonly allowed?: unknown;
                    readonly granted?: unknown;
                    readonly owed?: unknown;
                } | null;
                readonly act: string;
                /**
                 * Format: date-time
                 * @example 2026-11-21T09:30:00.000Z
                 */
                readonly at: string;
                readonly by: string;
                readonly check: string | null;
                readonly erased: boolean;
                readonly incident: string | null;
                readonly kind: string | null;
                readonly money: components["schemas"]["Money"] | null;
                readonly repair: string | null;
                readonly sentence: string | null;
                readonly sequence: number;
                readonly state: string | null;
            }[];
        };
        readonly TriedMapping: {
            readonly fields: readonly components["schemas"]["FieldCoverage"][];
            /** @description False: counts are of the first 5,000 that were read. */
            readonly isWhole: boolean;
            readonly matching: components["schemas"]["MatchCounts"];
            readonly read: {
                readonly organizations: number;
                readonly subscriptions: number;
                readonly users: number;
            };
            readonly rows: readonly {
                readonly customerId: string | null;
                readonly fields: readonly {
                    readonly found: string | null;
                    readonly path: string;
                }[];
                readonly id: string;
                readonly name: string | null;
                readonly source: string;
                /** @enum {string} */
                readonly type: "user" | "organization";
            }[];
            /** @description Some of those who pay and found nobody. */
            readonly unmatched: readonly {
                readonly customerId: string;
                readonly email: string | null;
                readonly name: string | null;
                readonly tried: readonly {
                    readonly rule: string;
                    readonly value: string;
                }[];
            }[];
        };
        /**
         * @description changed-between: it was one thing at its beginning and another at its end. nobody-looked: no check for longer than 50 hours.
         * @enum {string}
         */
        readonly UnknownBecause: "before-first-look" | "changed-between" | "nobody-looked" | "not-looked-since";
        readonly WebhookEndpoint: {
            readonly alarms: readonly ("no-secret" | "never-received" | "silent" | "losing" | "refusing" | "not-compared" | "clock-differs")[];
            readonly clockSkewSeconds: number | null;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly comparedTo: string | null;
            /**
             * Format: date-time
             * @description Send a test event, and see this move.
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly lastReceivedAt: string | null;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly lastRefusedAt: string | null;
            /** @description Events of the last week that the provider has and nobody brought. */
            readonly missing: number;
            /**
             * Format: date-time
             * @example 2026-11-21T09:30:00.000Z
             */
            readonly openedAt: string;
            /** @description Where the provider is to send, after the address of the service. */
            readonly path: string;
            /** @enum {string} */
            readonly provider: "stripe" | "clerk";
            readonly secrets: readonly components["schemas"]["SigningSecret"][];
            readonly sweepFailure: {
                /**
                 * Format: date-time
                 * @example 2026-11-21T09:30:00.000Z
                 */
                readonly at: string;
                readonly code: string;
                readonly message: string;
            } | null;
        };
        readonly WhatIf: {
            readonly because: readonly {
                /** @enum {string} */
                readonly code: "no-check" | "readings-gone" | "config-unknown" | "access-differs" | "match-differs" | "billing-differs" | "purchases-not-read";
                readonly fix: string;
                readonly message: string;
            }[];
            /** @description The full check whose readings were judged. */
            readonly check: components["schemas"]["Check"] | null;
            /** @description False: that check did not read everything, so there may be more. */
            readonly complete: boolean;
            readonly items: readonly components["schemas"]["WhatIfChange"][];
            /** @description Give it as `after` for the next page; null: this is the last. */
            readonly next: string | null;
            /** @description False: what was read does not tell; `because` says why. */
            readonly told: boolean;
            /** @description With the first page only. */
            readonly totals: components["schemas"]["WhatIfTotals"] | null;
        };
        readonly WhatIfChange: components["schemas"]["Drift"] & {
            /** @enum {string} */
            readonly becomes: "opens" | "closes";
            readonly customerId: string | null;
            /** @description The incident that there is of it; null: none was filed. */
            readonly incident: {
                readonly id: string;
                /** @enum {string} */
                readonly state: "open" | "acknowledged" | "resolved" | "ignored";
            } | null;
            /** @enum {string} */
            readonly severity: "low" | "medium" | "high" | "critical";
            readonly subject: components["schemas"]["Subject"] | null;
        };
        readonly WhatIfSum: {
            readonly byKind: readonly {
                readonly count: number;
                /** @enum {string} */
                readonly kind: "paid-without-access" | "access-without-payment" | "plan-too-low" | "plan-too-high" | "trial-cut-short" | "trial-overstayed" | "entitlement-missing" | "entitlement-extra" | "seats-short" | "seats-over" | "payer-unmatched" | "payer-deleted-subject" | "customer-not-found" | "customer-shared" | "customer-duplicate" | "double-billing" | "price-unmapped" | "plan-unknown" | "mode-mismatch" | "grants-disagree" | "grant-client-writable" | "refund-review" | "source-unreadable" | "mass-drift";
                readonly money: components["schemas"]["MoneyByBearer"];
            }[];
            readonly money: components["schemas"]["MoneyByBearer"];
            readonly total: number;
            /** @description Those of which no sum can be named. */
            readonly withoutMoney: number;
        };
        readonly WhatIfTotals: {
            readonly brakes: {
                /** @description So many alike that one incident would be filed in place of them all. */
                readonly collapsed: readonly {
                    readonly component: string;
                    readonly hurts: string;
                    /** @enum {string} */
                    readonly kind: "paid-without-access" | "access-without-payment" | "plan-too-low" | "plan-too-high" | "trial-cut-short" | "trial-overstayed" | "entitlement-missing" | "entitlement-extra" | "seats-short" | "seats-over" | "payer-unmatched" | "payer-deleted-subject" | "customer-not-found" | "customer-shared" | "customer-duplicate" | "double-billing" | "price-unmapped" | "plan-unknown" | "mode-mismatch" | "grants-disagree" | "grant-client-writable" | "refund-review" | "source-unreadable" | "mass-drift";
                    readonly pairs: number;
                }[];
                readonly holdLimit: number;
                /** @description Repairs would be held until a person releases them. */
                readonly holds: boolean;
            };
            readonly closes: components["schemas"]["WhatIfSum"];
            readonly opens: components["schemas"]["WhatIfSum"];
            /** @description Subjects, and payers without one, that were judged. */
            readonly pairs: number;
            /** @description Incidents that stand for many at once, such as an unmapped price: the first of them. */
            readonly shared: readonly components["schemas"]["WhatIfChange"][];
            readonly stays: {
                readonly moneyAfter: components["schemas"]["MoneyByBearer"];
                readonly moneyBefore: components["schemas"]["MoneyByBearer"];
                readonly total: number;
            };
            readonly verdicts: {
                readonly after: {
                    readonly agrees: number;
                    readonly cannotTell: number;
                    readonly drifts: number;
                    readonly settling: number;
                };
                readonly before: {
                    readonly agrees: number;
                    readonly cannotTell: number;
                    readonly drifts: number;
                    readonly settling: number;
                };
            };
        };
        readonly WholeDelivery: components["schemas"]["Delivery"] & {
            /** @description What is sent; null: it is put together at the first try. */
            readonly content?: unknown;
            readonly tried: readonly {
                /**
                 * Format: date-time
                 * @example 2026-11-21T09:30:00.000Z
                 */
                readonly at: string;
                readonly detail: string;
                /** @enum {string} */
                readonly outcome: "sent" | "failed";
                readonly status: number | null;
                readonly tookMs: number;
            }[];
        };
        readonly Workspace: {
            /** @description Null: nobody asked for it to be deleted. */
            readonly deletion: components["schemas"]["Deletion"] | null;
            readonly name: string;
            /** @enum {string} */
            readonly role: "viewer" | "member" | "admin" | "owner";
            readonly workspaceId: string;
        };
        readonly WorkspaceEntry: {
            /** @enum {string} */
            readonly act: "workspace-created" | "workspace-renamed" | "member-invited" | "invite-revoked" | "member-joined" | "member-role-changed" | "member-removed" | "member-left" | "workspace-handed-over" | "workspace-deletion-asked" | "workspace-deletion-taken-back" | "reset-link-made" | "second-factor-removed" | "key-created" | "key-revoked";
            /** Format: date-time */
            readonly at: string;
            /** @description The id of a person, or command-line. */
            readonly by: string;
            readonly facts: {
                readonly [key: string]: string | number | null;
            };
            readonly number: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readonly finishProviderSignIn: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/html": string;
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly runCronTask: {
        readonly parameters: {
            readonly query?: {
                /** @description Only this project. */
                readonly project?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly task: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Accepted. */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly begun: number;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly openMcpStream: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly callMcp: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": string;
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly endMcpSession: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly acceptInvite: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    readonly name: string;
                    /** Format: password */
                    readonly password: string | null;
                    /** @description What stands behind # in the link. */
                    readonly token: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly next: "done" | "code" | "provider";
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly joinWorkspace: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** @description What stands behind # in the link. */
                    readonly token: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly workspaceId: string;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly openInvite: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** @description What stands behind # in the link. */
                    readonly token: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly email: string;
                        /** Format: date-time */
                        readonly expiresAt: string;
                        /** @description There is a person with this address: sign in first. */
                        readonly isKnown: boolean;
                        /** @enum {string} */
                        readonly role: "viewer" | "member" | "admin";
                        readonly workspaceName: string;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getMe: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly email: string;
                        readonly hasTwoFactor: boolean;
                        /** @description You showed within ten minutes that it is you. */
                        readonly isFresh: boolean;
                        /** @enum {string} */
                        readonly kind: "person";
                        readonly name: string;
                        readonly personId: string;
                        readonly workspaces: readonly {
                            readonly name: string;
                            /** @enum {string} */
                            readonly role: "viewer" | "member" | "admin" | "owner";
                            readonly workspaceId: string;
                        }[];
                    } | {
                        readonly keyId: string;
                        /** @enum {string} */
                        readonly kind: "key";
                        readonly projectId: string | null;
                        /** @enum {string} */
                        readonly scope: "read" | "read+repair";
                        readonly workspaceId: string;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly changeMe: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** @example Ada Lovelace */
                    readonly name: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly changePassword: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** Format: password */
                    readonly current: string;
                    /**
                     * Format: password
                     * @description 12 to 256 characters.
                     */
                    readonly next: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly offerSecondFactor: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** Format: password */
                    readonly password: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description Each opens once. They are shown this once. */
                        readonly backupCodes: readonly string[];
                        /** @example otpauth://totp/… */
                        readonly uri: string;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createBackupCodes: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** Format: password */
                    readonly password: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description Each opens once. They are shown this once. */
                        readonly backupCodes: readonly string[];
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly turnOnSecondFactor: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    readonly code: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly turnOffSecondFactor: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** Format: password */
                    readonly password: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listSessions: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly {
                            readonly address: string | null;
                            /** Format: date-time */
                            readonly createdAt: string;
                            /** Format: date-time */
                            readonly expiresAt: string;
                            readonly isThisOne: boolean;
                            readonly sessionId: string;
                            readonly userAgent: string | null;
                        }[];
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly endOtherSessions: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly endSession: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly sessionId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly requestPasswordReset: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * Format: email
                     * @example ada@example.com
                     */
                    readonly email: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly finishPasswordReset: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * Format: password
                     * @description 12 to 256 characters.
                     */
                    readonly password: string;
                    /** @description What stands behind # in the link. */
                    readonly token: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listProjects: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Project"][];
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getProject: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Project"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly deleteProject: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * @description The name of the project, as it stands there.
                     * @example My app
                     */
                    readonly name: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Project"] | null;
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly changeProject: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * @description 1 to 80 characters.
                     * @example My app
                     */
                    readonly name?: string;
                    /**
                     * @description Only a live project is checked by itself and takes its schedules.
                     * @enum {string}
                     */
                    readonly state?: "setting-up" | "live" | "paused";
                    /**
                     * @description IANA name.
                     * @example Europe/Berlin
                     */
                    readonly timeZone?: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Project"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listAlertChannels: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["AlertChannel"][];
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createAlertChannel: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    readonly config: components["schemas"]["AlertChannelConfig"];
                    /** @description Whether it gets the weekly digest. */
                    readonly getsDigest?: boolean;
                    /** @description More messages wait, and those of one kind are put together. PagerDuty has no such limit. */
                    readonly messagesPerHour?: number;
                    readonly name: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AlertChannel"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getAlertChannel: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly channelId: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AlertChannel"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly deleteAlertChannel: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly channelId: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly changeAlertChannel: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly channelId: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    readonly config?: components["schemas"]["AlertChannelConfig"];
                    readonly enabled?: boolean;
                    /** @description Whether it gets the weekly digest. */
                    readonly getsDigest?: boolean;
                    /** @description More messages wait, and those of one kind are put together. PagerDuty has no such limit. */
                    readonly messagesPerHour?: number;
                    readonly name?: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AlertChannel"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly testAlertChannel: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly channelId: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AlertTest"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listAlertDeliveries: {
        readonly parameters: {
            readonly query?: {
                /** @description The `next` of the page before. */
                readonly after?: string;
                /** @description At most this many, 100 at most. */
                readonly limit?: number;
                readonly state?: "waiting" | "sent" | "set-aside" | "dropped";
                /** @description Only those for this channel or endpoint. */
                readonly targetId?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Delivery"][];
                        /** @description Give it as `after` for the next page; null: this is the last. */
                        readonly next: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getAlertDelivery: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly deliveryId: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["WholeDelivery"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly sendAlertAgain: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly deliveryId: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listAlertRules: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["AlertRule"][];
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createAlertRule: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": components["schemas"]["AlertRuleBody"];
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AlertRule"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly putAlertRule: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
                readonly ruleId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    readonly enabled?: boolean;
                    readonly rule?: components["schemas"]["AlertRuleBody"];
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AlertRule"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly deleteAlertRule: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
                readonly ruleId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listCauses: {
        readonly parameters: {
            readonly query?: {
                /** @description The `next` of the page before. */
                readonly after?: string;
                /** @description At most this many, 100 at most. */
                readonly limit?: number;
                /** @description Of the incidents. Default: open and acknowledged. */
                readonly state?: readonly ("open" | "acknowledged" | "resolved" | "ignored")[] | ("open" | "acknowledged" | "resolved" | "ignored");
            };
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["CauseGroup"][];
                        /** @description Give it as `after` for the next page; null: this is the last. */
                        readonly next: string | null;
                        /** @description Incidents whose cause is not worked out yet. */
                        readonly pending: number;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listChecks: {
        readonly parameters: {
            readonly query?: {
                /** @description The `next` of the page before. */
                readonly after?: string;
                readonly kind?: readonly ("full" | "recent" | "single")[] | ("full" | "recent" | "single");
                /** @description At most this many, 100 at most. */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Check"][];
                        /** @description Give it as `after` for the next page; null: this is the last. */
                        readonly next: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createCheck: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * @description Takes counts and tables that are far from those of the last check; a person looked at them.
                     * @default false
                     */
                    readonly acceptChanges?: boolean;
                    /**
                     * @description Reads and compares, and files nothing.
                     * @default false
                     */
                    readonly dryRun?: boolean;
                    /** @enum {string} */
                    readonly kind: "full";
                } | {
                    /** @enum {string} */
                    readonly kind: "recent";
                } | {
                    /** @description `cus_1`, `user_1`, or with its kind: `user:user_1`. */
                    readonly customer: string;
                    /** @default false */
                    readonly dryRun?: boolean;
                    /** @enum {string} */
                    readonly kind: "single";
                };
            };
        };
        readonly responses: {
            /** @description Accepted. */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly check: components["schemas"]["Check"] | null;
                        /** @description What a check of one customer found; null for the others. */
                        readonly single: {
                            readonly opened: readonly string[];
                            readonly resolved: readonly string[];
                            readonly state: components["schemas"]["CustomerState"];
                            /** @description Not opened, since an open incident says that the mapping is likelier to be wrong. */
                            readonly withheld: readonly components["schemas"]["Drift"][];
                        } | null;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getCheck: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly checkId: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Check"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getCheckPreview: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly checkId: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["CheckPreview"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly followCheck: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly checkId: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/event-stream": string;
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly exportChecks: {
        readonly parameters: {
            readonly query?: {
                readonly format?: "csv" | "jsonl";
                readonly kind?: readonly ("full" | "recent" | "single")[] | ("full" | "recent" | "single");
            };
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/csv": string;
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getConfig: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ConfigVersion"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly putConfig: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** @description The same document as `trueup.config.ts`, as JSON. */
                    readonly document?: unknown;
                    /** @description The version that the change was made on; 0: there was none. Refused where it is another by now. */
                    readonly expectedVersion: number;
                    /**
                     * @description Why, for those who look at it later.
                     * @default null
                     */
                    readonly note?: string | null;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ConfigVersion"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly compareConfigVersions: {
        readonly parameters: {
            readonly query: {
                /** @description 0: from nothing. */
                readonly from?: number | null;
                readonly to: number;
            };
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly {
                            readonly after?: unknown;
                            /** @description Left out where it was not there. */
                            readonly before?: unknown;
                            /** @example catalogue.plans[pro].prices */
                            readonly path: string;
                        }[];
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly validateConfig: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** @description The same document as `trueup.config.ts`, as JSON. */
                    readonly document?: unknown;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly fingerprint: string | null;
                        readonly problems: readonly components["schemas"]["ConfigProblem"][];
                        readonly valid: boolean;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listConfigVersions: {
        readonly parameters: {
            readonly query?: {
                readonly after?: number;
                /** @description At most this many, 100 at most. */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["ConfigVersionListed"][];
                        /** @description Give it as `after` for the next page; null: this is the last. */
                        readonly next: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getConfigVersion: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
                readonly version: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ConfigVersion"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly revertConfigVersion: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
                readonly version: number;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** @description The version that the change was made on; 0: there was none. Refused where it is another by now. */
                    readonly expectedVersion: number;
                    /**
                     * @description Why, for those who look at it later.
                     * @default null
                     */
                    readonly note?: string | null;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["ConfigVersion"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly tryConfig: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * @description The `next` of the page before.
                     * @default null
                     */
                    readonly after?: string | null;
                    /**
                     * @description Lists only these.
                     * @enum {string}
                     */
                    readonly becomes?: "opens" | "closes";
                    readonly changes?: {
                        /** @description In place of the catalogue that holds. */
                        readonly catalogue?: unknown;
                        /** @description In place of those that hold. */
                        readonly exceptions?: unknown;
                        /**
                         * @description Laid over the policy that holds.
                         * @example {
                         *       "pastDue": {
                         *         "days": 3
                         *       }
                         *     }
                         */
                        readonly policy?: unknown;
                    };
                    /** @description A whole configuration to try, the same document as `trueup.config.ts`, as JSON. */
                    readonly document?: unknown;
                    /** @description Lists only these. */
                    readonly kinds?: readonly ("paid-without-access" | "access-without-payment" | "plan-too-low" | "plan-too-high" | "trial-cut-short" | "trial-overstayed" | "entitlement-missing" | "entitlement-extra" | "seats-short" | "seats-over" | "payer-unmatched" | "payer-deleted-subject" | "customer-not-found" | "customer-shared" | "customer-duplicate" | "double-billing" | "price-unmapped" | "plan-unknown" | "mode-mismatch" | "grants-disagree" | "grant-client-writable" | "refund-review" | "source-unreadable" | "mass-drift")[];
                    /**
                     * @description Lists about so many: never only some of the changes of one subject.
                     * @default 25
                     */
                    readonly limit?: number;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["WhatIf"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listCustomers: {
        readonly parameters: {
            readonly query?: {
                /** @description The `next` of the page before. */
                readonly after?: string;
                /** @description At most this many, 100 at most. */
                readonly limit?: number;
                /** @description Part of an id, a name or an e-mail address. */
                readonly q?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly checkId: string | null;
                        readonly items: readonly components["schemas"]["CustomerLine"][];
                        /** @description Give it as `after` for the next page; null: this is the last. */
                        readonly next: string | null;
                        /**
                         * Format: date-time
                         * @example 2026-11-21T09:30:00.000Z
                         */
                        readonly readAt: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getCustomerAt: {
        readonly parameters: {
            readonly query: {
                readonly time: string;
            };
            readonly header?: never;
            readonly path: {
                /** @description A customer, user or organization: `cus_1`, or with its kind: `user:user_1`. */
                readonly customerId: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["CustomerAt"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly checkCustomer: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description A customer, user or organization: `cus_1`, or with its kind: `user:user_1`. */
                readonly customerId: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** @default false */
                    readonly dryRun?: boolean;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly check: components["schemas"]["Check"] | null;
                        /** @description What a check of one customer found; null for the others. */
                        readonly single: {
                            readonly opened: readonly string[];
                            readonly resolved: readonly string[];
                            readonly state: components["schemas"]["CustomerState"];
                            /** @description Not opened, since an open incident says that the mapping is likelier to be wrong. */
                            readonly withheld: readonly components["schemas"]["Drift"][];
                        } | null;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getCustomerHistory: {
        readonly parameters: {
            readonly query?: {
                /** @description Default: 90 days before `to`. */
                readonly from?: string;
                /** @description Default: now. */
                readonly to?: string;
            };
            readonly header?: never;
            readonly path: {
                /** @description A customer, user or organization: `cus_1`, or with its kind: `user:user_1`. */
                readonly customerId: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["CustomerHistory"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getCustomerState: {
        readonly parameters: {
            readonly query?: {
                /** @description Reads both sides now, and files nothing, instead of what the last check read. */
                readonly fresh?: "true" | "false";
            };
            readonly header?: never;
            readonly path: {
                /** @description A customer, user or organization: `cus_1`, or with its kind: `user:user_1`. */
                readonly customerId: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["CustomerState"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getCustomerTimeline: {
        readonly parameters: {
            readonly query?: {
                readonly from?: number | null;
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path: {
                /** @description A customer, user or organization: `cus_1`, or with its kind: `user:user_1`. */
                readonly customerId: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Timeline"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly exportCustomers: {
        readonly parameters: {
            readonly query?: {
                readonly format?: "csv" | "jsonl";
                /** @description Part of an id, a name or an e-mail address. */
                readonly q?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/csv": string;
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listDeploys: {
        readonly parameters: {
            readonly query?: {
                /** @description The `next` of the page before. */
                readonly after?: string;
                /** @description At most this many, 100 at most. */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Deploy"][];
                        /** @description Give it as `after` for the next page; null: this is the last. */
                        readonly next: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly markDeploy: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * Format: date-time
                     * @description When; left out: now.
                     * @default null
                     */
                    readonly at?: string | null;
                    /**
                     * @description Where what changed can be looked at.
                     * @default null
                     */
                    readonly url?: string | null;
                    /** @example v2.14.0 */
                    readonly version: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Deploy"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listDueChecks: {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly due: number;
                        readonly items: readonly components["schemas"]["DueCheck"][];
                        /**
                         * Format: date-time
                         * @example 2026-11-21T09:30:00.000Z
                         */
                        readonly oldestDueSince: string | null;
                        readonly setAside: number;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly retryDueChecks: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    readonly target: {
                        readonly id: string;
                        /** @enum {string} */
                        readonly kind: "customer" | "subject" | "object";
                    };
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listEvents: {
        readonly parameters: {
            readonly query?: {
                /** @description A customer's id, the key of a subject (`user:user_1`), or the id of an object. */
                readonly about?: string;
                /** @description The `next` of the page before. */
                readonly after?: string;
                /** @description Those that came more than once. */
                readonly duplicates?: "true" | "false";
                /** @description At most this many, 100 at most. */
                readonly limit?: number;
                /** @description Those that the provider lists and no webhook brought: the gaps. */
                readonly missing?: "true" | "false";
                /** @description Those whose check is not completed. */
                readonly pending?: "true" | "false";
                readonly provider?: "stripe" | "clerk";
                readonly receivedSince?: string;
                /** @description A type, or its beginning and a star. */
                readonly type?: string;
                /** @description `twin`: another event told of the same change before. */
                readonly verdict?: "acted-on" | "twin" | "not-acted-on";
            };
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Event"][];
                        /** @description Give it as `after` for the next page; null: this is the last. */
                        readonly next: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getEvent: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly eventId: string;
                readonly projectId: string;
                readonly provider: "stripe" | "clerk";
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["EventInFull"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly replayEvent: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly eventId: string;
                readonly projectId: string;
                readonly provider: "stripe" | "clerk";
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Accepted. */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly target: components["schemas"]["EventTarget"];
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly exportEvents: {
        readonly parameters: {
            readonly query?: {
                /** @description A customer's id, the key of a subject (`user:user_1`), or the id of an object. */
                readonly about?: string;
                /** @description Those that came more than once. */
                readonly duplicates?: "true" | "false";
                readonly format?: "csv" | "jsonl";
                /** @description Those that the provider lists and no webhook brought: the gaps. */
                readonly missing?: "true" | "false";
                /** @description Those whose check is not completed. */
                readonly pending?: "true" | "false";
                readonly provider?: "stripe" | "clerk";
                readonly receivedSince?: string;
                /** @description A type, or its beginning and a star. */
                readonly type?: string;
                /** @description `twin`: another event told of the same change before. */
                readonly verdict?: "acted-on" | "twin" | "not-acted-on";
            };
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/csv": string;
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listExceptions: {
        readonly parameters: {
            readonly query?: {
                /** @description The `next` of the page before. */
                readonly after?: string;
                readonly endsWithinDays?: number | null;
                /** @description At most this many, 100 at most. */
                readonly limit?: number;
                readonly owner?: string;
                readonly state?: "running" | "over";
                readonly subject?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Exception"][];
                        /** @description Give it as `after` for the next page; null: this is the last. */
                        readonly next: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createException: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** @description What the subject may have beyond what billing allows. */
                    readonly allowed: {
                        readonly entitlements?: readonly string[] | "every";
                        readonly paid?: boolean;
                        readonly plan?: string;
                        readonly seats?: number | "unlimited";
                        /** Format: date-time */
                        readonly trialEndsAt?: string;
                    };
                    /** @description A member of the workspace. Default: who asks. */
                    readonly owner?: string;
                    readonly reason: string;
                    readonly subject: {
                        readonly id: string;
                        /** @enum {string} */
                        readonly type: "user" | "organization";
                    };
                    /** Format: date-time */
                    readonly until: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Exception"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getException: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly exceptionId: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Exception"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly endException: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly exceptionId: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Exception"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly extendException: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly exceptionId: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** Format: date-time */
                    readonly until: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Exception"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listIncidents: {
        readonly parameters: {
            readonly query?: {
                /** @description A subject's id or key (`user_1`, `user:user_1`), or a customer's id. */
                readonly about?: string;
                /** @description The `next` of the page before. */
                readonly after?: string;
                /** @description The id of a member; `nobody`: what is assigned to none. */
                readonly assignee?: string;
                /** @description The id of a cause, or a kind of causes; of more than 10,000, those that opened last. */
                readonly cause?: string;
                /** @description Of `moneyAtLeast`. */
                readonly currency?: string;
                readonly hurts?: "customer" | "business" | "both";
                readonly kind?: readonly ("paid-without-access" | "access-without-payment" | "plan-too-low" | "plan-too-high" | "trial-cut-short" | "trial-overstayed" | "entitlement-missing" | "entitlement-extra" | "seats-short" | "seats-over" | "payer-unmatched" | "payer-deleted-subject" | "customer-not-found" | "customer-shared" | "customer-duplicate" | "double-billing" | "price-unmapped" | "plan-unknown" | "mode-mismatch" | "grants-disagree" | "grant-client-writable" | "refund-review" | "source-unreadable" | "mass-drift")[] | ("paid-without-access" | "access-without-payment" | "plan-too-low" | "plan-too-high" | "trial-cut-short" | "trial-overstayed" | "entitlement-missing" | "entitlement-extra" | "seats-short" | "seats-over" | "payer-unmatched" | "payer-deleted-subject" | "customer-not-found" | "customer-shared" | "customer-duplicate" | "double-billing" | "price-unmapped" | "plan-unknown" | "mode-mismatch" | "grants-disagree" | "grant-client-writable" | "refund-review" | "source-unreadable" | "mass-drift");
                /** @description At most this many, 100 at most. */
                readonly limit?: number;
                /** @description At risk at least, in minor units. */
                readonly moneyAtLeast?: number | null;
                /** @description Stands in the sentence or in an id; letters A to Z in either case. */
                readonly q?: string;
                readonly reversed?: "true" | "false";
                readonly severity?: readonly ("low" | "medium" | "high" | "critical")[] | ("low" | "medium" | "high" | "critical");
                readonly sort?: "severity" | "opened" | "seen" | "money";
                readonly state?: readonly ("open" | "acknowledged" | "resolved" | "ignored")[] | ("open" | "acknowledged" | "resolved" | "ignored");
            };
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["IncidentWithCause"][];
                        /** @description Give it as `after` for the next page; null: this is the last. */
                        readonly next: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getIncident: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly incidentId: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly incident: components["schemas"]["IncidentWithCause"];
                        readonly plan: components["schemas"]["RepairPlan"];
                        readonly repairs: readonly components["schemas"]["Repair"][];
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly acknowledgeIncident: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly incidentId: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** @default null */
                    readonly note?: string | null;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["IncidentWithCause"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly assignIncident: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly incidentId: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    readonly assignee: string | null;
                    /** @default null */
                    readonly note?: string | null;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["IncidentWithCause"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly lookIntoIncident: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly incidentId: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Cause"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly commentIncident: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly incidentId: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    readonly text: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["IncidentWithCause"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly ignoreIncident: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly incidentId: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    readonly reason: string;
                    /**
                     * Format: date-time
                     * @default null
                     */
                    readonly until?: string | null;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["IncidentWithCause"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly reopenIncident: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly incidentId: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** @default null */
                    readonly note?: string | null;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["IncidentWithCause"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly actOnIncidents: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    readonly act: {
                        /** @enum {string} */
                        readonly act: "acknowledge";
                        /** @default null */
                        readonly note?: string | null;
                    } | {
                        /** @enum {string} */
                        readonly act: "ignore";
                        readonly reason: string;
                        /**
                         * Format: date-time
                         * @default null
                         */
                        readonly until?: string | null;
                    } | {
                        /** @enum {string} */
                        readonly act: "reopen";
                        /** @default null */
                        readonly note?: string | null;
                    } | {
                        /** @enum {string} */
                        readonly act: "assign";
                        readonly assignee: string | null;
                        /** @default null */
                        readonly note?: string | null;
                    } | {
                        /** @enum {string} */
                        readonly act: "comment";
                        readonly text: string;
                    };
                    /** @description How many incidents you believe to act on. Nothing is done where it differs. */
                    readonly count: number;
                    readonly filter?: {
                        /** @description A subject's id or key (`user_1`, `user:user_1`), or a customer's id. */
                        readonly about?: string;
                        readonly assignee?: string | null;
                        /**
                         * @description The id of a cause, or a kind of causes; of more than 10,000, those that opened last.
                         * @example price-without-mapping:price_1
                         */
                        readonly cause?: string;
                        /** @enum {string} */
                        readonly hurts?: "customer" | "business" | "both";
                        readonly kinds?: readonly ("paid-without-access" | "access-without-payment" | "plan-too-low" | "plan-too-high" | "trial-cut-short" | "trial-overstayed" | "entitlement-missing" | "entitlement-extra" | "seats-short" | "seats-over" | "payer-unmatched" | "payer-deleted-subject" | "customer-not-found" | "customer-shared" | "customer-duplicate" | "double-billing" | "price-unmapped" | "plan-unknown" | "mode-mismatch" | "grants-disagree" | "grant-client-writable" | "refund-review" | "source-unreadable" | "mass-drift")[];
                        readonly moneyAtLeast?: {
                            readonly amount: number;
                            readonly currency?: string;
                        };
                        readonly severities?: readonly ("low" | "medium" | "high" | "critical")[];
                        readonly states?: readonly ("open" | "acknowledged" | "resolved" | "ignored")[];
                        /** @description Stands in the sentence or in an id; letters A to Z in either case. */
                        readonly text?: string;
                    };
                    readonly ids?: readonly string[];
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["IncidentActed"][];
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly countIncidents: {
        readonly parameters: {
            readonly query?: {
                /** @description A subject's id or key (`user_1`, `user:user_1`), or a customer's id. */
                readonly about?: string;
                /** @description The id of a member; `nobody`: what is assigned to none. */
                readonly assignee?: string;
                /** @description The id of a cause, or a kind of causes; of more than 10,000, those that opened last. */
                readonly cause?: string;
                /** @description Of `moneyAtLeast`. */
                readonly currency?: string;
                readonly hurts?: "customer" | "business" | "both";
                readonly kind?: readonly ("paid-without-access" | "access-without-payment" | "plan-too-low" | "plan-too-high" | "trial-cut-short" | "trial-overstayed" | "entitlement-missing" | "entitlement-extra" | "seats-short" | "seats-over" | "payer-unmatched" | "payer-deleted-subject" | "customer-not-found" | "customer-shared" | "customer-duplicate" | "double-billing" | "price-unmapped" | "plan-unknown" | "mode-mismatch" | "grants-disagree" | "grant-client-writable" | "refund-review" | "source-unreadable" | "mass-drift")[] | ("paid-without-access" | "access-without-payment" | "plan-too-low" | "plan-too-high" | "trial-cut-short" | "trial-overstayed" | "entitlement-missing" | "entitlement-extra" | "seats-short" | "seats-over" | "payer-unmatched" | "payer-deleted-subject" | "customer-not-found" | "customer-shared" | "customer-duplicate" | "double-billing" | "price-unmapped" | "plan-unknown" | "mode-mismatch" | "grants-disagree" | "grant-client-writable" | "refund-review" | "source-unreadable" | "mass-drift");
                /** @description At risk at least, in minor units. */
                readonly moneyAtLeast?: number | null;
                /** @description Stands in the sentence or in an id; letters A to Z in either case. */
                readonly q?: string;
                readonly severity?: readonly ("low" | "medium" | "high" | "critical")[] | ("low" | "medium" | "high" | "critical");
                readonly state?: readonly ("open" | "acknowledged" | "resolved" | "ignored")[] | ("open" | "acknowledged" | "resolved" | "ignored");
            };
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["IncidentCounts"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly exportIncidents: {
        readonly parameters: {
            readonly query?: {
                /** @description A subject's id or key (`user_1`, `user:user_1`), or a customer's id. */
                readonly about?: string;
                /** @description The id of a member; `nobody`: what is assigned to none. */
                readonly assignee?: string;
                /** @description The id of a cause, or a kind of causes; of more than 10,000, those that opened last. */
                readonly cause?: string;
                /** @description Of `moneyAtLeast`. */
                readonly currency?: string;
                readonly format?: "csv" | "jsonl";
                readonly hurts?: "customer" | "business" | "both";
                readonly kind?: readonly ("paid-without-access" | "access-without-payment" | "plan-too-low" | "plan-too-high" | "trial-cut-short" | "trial-overstayed" | "entitlement-missing" | "entitlement-extra" | "seats-short" | "seats-over" | "payer-unmatched" | "payer-deleted-subject" | "customer-not-found" | "customer-shared" | "customer-duplicate" | "double-billing" | "price-unmapped" | "plan-unknown" | "mode-mismatch" | "grants-disagree" | "grant-client-writable" | "refund-review" | "source-unreadable" | "mass-drift")[] | ("paid-without-access" | "access-without-payment" | "plan-too-low" | "plan-too-high" | "trial-cut-short" | "trial-overstayed" | "entitlement-missing" | "entitlement-extra" | "seats-short" | "seats-over" | "payer-unmatched" | "payer-deleted-subject" | "customer-not-found" | "customer-shared" | "customer-duplicate" | "double-billing" | "price-unmapped" | "plan-unknown" | "mode-mismatch" | "grants-disagree" | "grant-client-writable" | "refund-review" | "source-unreadable" | "mass-drift");
                /** @description At risk at least, in minor units. */
                readonly moneyAtLeast?: number | null;
                /** @description Stands in the sentence or in an id; letters A to Z in either case. */
                readonly q?: string;
                readonly reversed?: "true" | "false";
                readonly severity?: readonly ("low" | "medium" | "high" | "critical")[] | ("low" | "medium" | "high" | "critical");
                readonly sort?: "severity" | "opened" | "seen" | "money";
                readonly state?: readonly ("open" | "acknowledged" | "resolved" | "ignored")[] | ("open" | "acknowledged" | "resolved" | "ignored");
            };
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/csv": string;
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listLedgerEntries: {
        readonly parameters: {
            readonly query?: {
                /** @description The `next` of the page before. */
                readonly before?: number | null;
                /** @description Only entries about this incident. Not together with `person`. */
                readonly incident?: string;
                readonly limit?: number;
                /** @description Only entries about this subject or customer. */
                readonly person?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["LedgerEntry"][];
                        readonly next: number | null;
                        readonly standing: components["schemas"]["LedgerStanding"];
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getLedgerCheckpoint: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["LedgerStanding"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly exportLedger: {
        readonly parameters: {
            readonly query?: {
                readonly format?: "ndjson" | "csv";
                /** @description Only entries about this incident. Not together with `person`. */
                readonly incident?: string;
                /** @description Only entries about this subject or customer. */
                readonly person?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/x-ndjson": string;
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getLedgerKey: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly origin: string;
                        /** @description As C2SP signed notes write a key: name, hash, base64. */
                        readonly publicKey: string;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getMoney: {
        readonly parameters: {
            readonly query?: {
                /** @description Today with them. */
                readonly days?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /**
                         * Format: date-time
                         * @example 2026-11-21T09:30:00.000Z
                         */
                        readonly asOf: string;
                        readonly days: readonly components["schemas"]["MoneyDay"][];
                        readonly ever: components["schemas"]["MoneySpan"] & unknown;
                        readonly total: components["schemas"]["MoneySpan"];
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getOnboarding: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Onboarding"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly keepOnboardingAnswers: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** @default {} */
                    readonly answers?: {
                        /**
                         * @description Warnings of the dry run that a person takes for right, as `code` or `code:on`.
                         * @example [
                         *       "price-unmapped:price_1"
                         *     ]
                         */
                        readonly acceptedWarnings?: readonly string[];
                        /**
                         * @description Where the app keeps who has paid access.
                         * @enum {string|null}
                         */
                        readonly access?: "clerk" | "postgres" | "both" | "push" | null;
                        /**
                         * @description `organizations`: B2B.
                         * @enum {string|null}
                         */
                        readonly audience?: "users" | "organizations" | "both" | null;
                        /** @enum {string|null} */
                        readonly billing?: "stripe" | "clerk-billing" | null;
                        /** @enum {string|null} */
                        readonly framework?: "next" | "remix" | "express" | "fastify" | "hono" | "rails" | "django" | "laravel" | "other" | null;
                    };
                    /** @description In the place of the draft so far; null: none. */
                    readonly draft?: unknown;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Onboarding"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listOutgoingDeliveries: {
        readonly parameters: {
            readonly query?: {
                /** @description The `next` of the page before. */
                readonly after?: string;
                /** @description At most this many, 100 at most. */
                readonly limit?: number;
                readonly state?: "waiting" | "sent" | "set-aside" | "dropped";
                /** @description Only those for this channel or endpoint. */
                readonly targetId?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Delivery"][];
                        /** @description Give it as `after` for the next page; null: this is the last. */
                        readonly next: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getOutgoingDelivery: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly deliveryId: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["WholeDelivery"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly sendOutgoingAgain: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly deliveryId: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listOutgoingWebhooks: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["OutgoingWebhook"][];
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createOutgoingWebhook: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** @default  */
                    readonly description?: string;
                    /** @description What the endpoint is told of. */
                    readonly messageTypes: readonly ("incident.opened" | "incident.resolved" | "incident.reopened" | "incident.acknowledged" | "incident.ignored" | "repair.proposed" | "repair.approved" | "repair.applied" | "repair.verified" | "repair.failed" | "repair.undone" | "check.finished")[];
                    /**
                     * Format: uri
                     * @example https://app.example.com/hooks/trueup
                     */
                    readonly url: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OutgoingWebhookWithSecret"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getOutgoingWebhook: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly endpointId: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OutgoingWebhook"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly deleteOutgoingWebhook: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly endpointId: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly changeOutgoingWebhook: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly endpointId: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    readonly description?: string;
                    readonly enabled?: boolean;
                    /** @description What the endpoint is told of. */
                    readonly messageTypes?: readonly ("incident.opened" | "incident.resolved" | "incident.reopened" | "incident.acknowledged" | "incident.ignored" | "repair.proposed" | "repair.approved" | "repair.applied" | "repair.verified" | "repair.failed" | "repair.undone" | "check.finished")[];
                    /**
                     * Format: uri
                     * @example https://app.example.com/hooks/trueup
                     */
                    readonly url?: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OutgoingWebhook"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly rollOutgoingSecret: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly endpointId: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** @default 24 */
                    readonly overlapHours?: number;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["OutgoingWebhookWithSecret"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getParity: {
        readonly parameters: {
            readonly query?: {
                /** @description Today with them. */
                readonly days?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /**
                         * Format: date-time
                         * @example 2026-11-21T09:30:00.000Z
                         */
                        readonly asOf: string;
                        readonly days: readonly components["schemas"]["ParityDay"][];
                        /** @description By the last full check that read everything. */
                        readonly now: components["schemas"]["Parity"] | null;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listPushSecrets: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["PushSecret"][];
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createPushSecret: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly id: string;
                        /** @description Shown this once. */
                        readonly secret: string;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly deletePushSecret: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
                readonly secretId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listRepairs: {
        readonly parameters: {
            readonly query?: {
                /** @description The `next` of the page before. */
                readonly after?: string;
                readonly batchId?: string;
                readonly incidentId?: string;
                /** @description At most this many, 100 at most. */
                readonly limit?: number;
                readonly state?: readonly ("proposed" | "approved" | "executing" | "applied" | "verified" | "differs" | "conflict" | "superseded" | "expired" | "rejected" | "denied" | "abandoned" | "untold")[] | ("proposed" | "approved" | "executing" | "applied" | "verified" | "differs" | "conflict" | "superseded" | "expired" | "rejected" | "denied" | "abandoned" | "untold");
            };
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Repair"][];
                        /** @description Give it as `after` for the next page; null: this is the last. */
                        readonly next: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getRepair: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
                readonly repairId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Repair"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly applyRepair: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
                readonly repairId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Repair"][];
                        /** @description Why it was left as it was; nothing was written then. */
                        readonly leftBecause: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly approveRepair: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
                readonly repairId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** @description How many repairs you believe to approve. Nothing is approved where it differs. */
                    readonly count: number;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Repair"][];
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly rejectRepair: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
                readonly repairId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    readonly reason: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Repair"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly undoRepair: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
                readonly repairId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Repair"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly approveRepairs: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** @description How many repairs you believe to approve. Nothing is approved where it differs. */
                    readonly count: number;
                    readonly ids: readonly string[];
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Repair"][];
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getRepairBrakes: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly heldBy: readonly components["schemas"]["Incident"][];
                        readonly switchedOff: readonly {
                            /**
                             * Format: date-time
                             * @example 2026-11-21T09:30:00.000Z
                             */
                            readonly at: string;
                            readonly by: string;
                            readonly reason: string;
                            /** @enum {string} */
                            readonly scope: "project" | "everywhere";
                        }[];
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly exportRepairs: {
        readonly parameters: {
            readonly query?: {
                readonly batchId?: string;
                readonly format?: "csv" | "jsonl";
                readonly incidentId?: string;
                readonly state?: readonly ("proposed" | "approved" | "executing" | "applied" | "verified" | "differs" | "conflict" | "superseded" | "expired" | "rejected" | "denied" | "abandoned" | "untold")[] | ("proposed" | "approved" | "executing" | "applied" | "verified" | "differs" | "conflict" | "superseded" | "expired" | "rejected" | "denied" | "abandoned" | "untold");
            };
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "text/csv": string;
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly proposeRepairs: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description Records that were changed since the check read them. */
                        readonly changedSince: number;
                        /** @description Incidents that are steps for a person. */
                        readonly guided: number;
                        readonly proposed: readonly string[];
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly releaseRepairs: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    readonly reason: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Incident"][];
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly switchRepairs: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    readonly reason: string;
                    /** @enum {string} */
                    readonly to: "on" | "off";
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly restoreProject: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Project"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listSchedules: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Schedules"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly changeSchedules: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    readonly tasks?: {
                        readonly digest?: {
                            readonly cron?: string;
                            readonly enabled?: boolean;
                        };
                        readonly "full-check"?: {
                            readonly cron?: string;
                            readonly enabled?: boolean;
                        };
                        readonly "recent-check"?: {
                            readonly cron?: string;
                            readonly enabled?: boolean;
                        };
                    };
                    /** @example Europe/Berlin */
                    readonly timeZone?: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Schedules"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly previewSchedule: {
        readonly parameters: {
            readonly query: {
                readonly cron: string;
                readonly timeZone?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly dueAt: readonly string[];
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listSecretUses: {
        readonly parameters: {
            readonly query?: {
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly {
                            readonly field: string;
                            /**
                             * Format: date-time
                             * @example 2026-11-21T09:30:00.000Z
                             */
                            readonly hour: string;
                            readonly id: string;
                            /**
                             * Format: date-time
                             * @example 2026-11-21T09:30:00.000Z
                             */
                            readonly lastAt: string;
                            readonly name: string;
                            readonly usedFor: string;
                            readonly uses: number;
                        }[];
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly sampleClerkFields: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description Says so where nothing was found. */
                        readonly message: string | null;
                        /** @description The same for each by itself. */
                        readonly messages: {
                            readonly organizations: string | null;
                            readonly users: string | null;
                        };
                        readonly organizations: {
                            readonly fields: readonly {
                                readonly examples: readonly string[];
                                readonly path: string;
                                readonly sampled: number;
                                readonly seen: number;
                            }[];
                            readonly proposals: readonly {
                                readonly field: string;
                                readonly path: string;
                                readonly reason: string;
                            }[];
                            readonly sampled: number;
                        };
                        readonly users: {
                            readonly fields: readonly {
                                readonly examples: readonly string[];
                                readonly path: string;
                                readonly sampled: number;
                                readonly seen: number;
                            }[];
                            readonly proposals: readonly {
                                readonly field: string;
                                readonly path: string;
                                readonly reason: string;
                            }[];
                            readonly sampled: number;
                        };
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly proposeConfig: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly document?: unknown;
                        readonly learnedFrom: number;
                        readonly notes: readonly string[];
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly lookIntoDatabase: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description As the list of sources names it. */
                readonly name: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * @description Propose this table only.
                     * @default null
                     */
                    readonly table?: string | null;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly configuration: string | null;
                        readonly connection: readonly components["schemas"]["ConnectionFinding"][];
                        readonly ok: boolean;
                        readonly proposals: {
                            readonly organization: readonly components["schemas"]["TableProposal"][];
                            readonly user: readonly components["schemas"]["TableProposal"][];
                        };
                        readonly reading: readonly components["schemas"]["ConnectionFinding"][];
                        readonly readRole: {
                            readonly connectionString: string;
                            readonly sql: string;
                        } | null;
                        readonly role: {
                            readonly canWrite: boolean;
                            readonly findings: readonly components["schemas"]["ConnectionFinding"][];
                            readonly role: string;
                        };
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly writeRepairSql: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description As the list of sources names it. */
                readonly name: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * @description A role that may update the mapped columns, without functions and limits of its own.
                     * @default false
                     */
                    readonly plain?: boolean;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly connectionString: string;
                        readonly sql: string;
                        readonly uninstall: string;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listStripePermissions: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly connected: boolean;
                        /** @description In Stripe's dashboard. */
                        readonly createKeyUrl: string;
                        readonly items: readonly components["schemas"]["StripePermission"][];
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listStripePrices: {
        readonly parameters: {
            readonly query?: {
                /** @description Count who pays each price: reads up to 5,000 subscriptions. */
                readonly usage?: "true" | "false";
            };
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description What was counted; null: nothing was asked to be. */
                        readonly counted: {
                            readonly isWhole: boolean;
                            readonly subscriptions: number;
                        } | null;
                        readonly items: readonly {
                            readonly active: boolean;
                            readonly currency: string;
                            readonly id: string;
                            readonly lookupKey: string | null;
                            /** @description By the configuration in force; null: it is in no plan. */
                            readonly mapping: {
                                readonly id: string;
                                /** @enum {string} */
                                readonly kind: "plan" | "add-on" | "seat-pack" | "lifetime";
                            } | null;
                            readonly nickname: string | null;
                            readonly productId: string;
                            readonly productName: string | null;
                            readonly recurring: {
                                readonly count: number;
                                /** @enum {string} */
                                readonly interval: "day" | "week" | "month" | "year";
                                readonly metered: boolean;
                            } | null;
                            /** @description In minor units; null where it depends. */
                            readonly unitAmount: string | null;
                            /** @description Who pays it now; null: not counted. */
                            readonly usage: {
                                readonly customers: number;
                                readonly subscriptions: number;
                            } | null;
                        }[];
                        readonly unmapped: {
                            /** @description How many times a customer pays one of them; null: not counted. */
                            readonly customers: number | null;
                            readonly prices: number;
                        };
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly writeReadRoleSql: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** @default postgres */
                    readonly database?: string;
                    /** @default trueup_reader */
                    readonly role?: string;
                    readonly tables: readonly {
                        readonly columns: readonly string[];
                        /**
                         * @description Row-level security is on: the role is then given a policy to see every row.
                         * @default false
                         */
                        readonly rowSecurity?: boolean;
                        /** @example public.users */
                        readonly table: string;
                    }[];
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description With HOST in place of the address of the server. */
                        readonly connectionString: string;
                        readonly role: string;
                        readonly sql: string;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly tryMapping: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** @description As `access` of the configuration. */
                    readonly access: readonly unknown[];
                    /**
                     * @example [
                     *       "customer.id"
                     *     ]
                     */
                    readonly match?: readonly string[];
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["TriedMapping"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listSources: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Source"][];
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly connectSource: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": components["schemas"]["Credential"];
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Source"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly disconnectSources: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly disconnected: readonly string[];
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly disconnectSource: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description As the list of sources names it. */
                readonly name: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly testSource: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description As the list of sources names it. */
                readonly name: string;
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Source"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly putSubjects: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Push"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listViews: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["IncidentView"][];
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createView: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    readonly name: string;
                    /**
                     * @description The query of `GET incidents`, without `after` and `limit`.
                     * @example {
                     *       "severity": [
                     *         "critical",
                     *         "high"
                     *       ],
                     *       "sort": "money"
                     *     }
                     */
                    readonly query: {
                        readonly [key: string]: string | readonly string[];
                    };
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["IncidentView"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly deleteView: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
                readonly viewId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly changeView: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
                readonly viewId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    readonly name?: string;
                    /**
                     * @description The query of `GET incidents`, without `after` and `limit`.
                     * @example {
                     *       "severity": [
                     *         "critical",
                     *         "high"
                     *       ],
                     *       "sort": "money"
                     *     }
                     */
                    readonly query?: {
                        readonly [key: string]: string | readonly string[];
                    };
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["IncidentView"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listWebhooks: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly endpoints: readonly components["schemas"]["WebhookEndpoint"][];
                        readonly refusals: readonly components["schemas"]["Refusal"][];
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createWebhookSecret: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
                readonly provider: "stripe" | "clerk";
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * @description The secrets so far go on signing for a day, and then no longer.
                     * @default false
                     */
                    readonly replaces?: boolean;
                    /**
                     * Format: password
                     * @description Written only: never given back.
                     */
                    readonly secret: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SigningSecret"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly deleteWebhookSecret: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
                readonly provider: "stripe" | "clerk";
                readonly secretId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly sendTestEvent: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
                readonly provider: "stripe" | "clerk";
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["TestEvent"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly compareWebhookEvents: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly projectId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Accepted. */
            readonly 202: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @enum {boolean} */
                        readonly sent: true;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly signIn: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * Format: email
                     * @example ada@example.com
                     */
                    readonly email: string;
                    /** Format: password */
                    readonly password: string;
                    /**
                     * @description false: until the browser is closed, a day at most.
                     * @default true
                     */
                    readonly remember?: boolean;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SignInStep"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly signOut: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly giveSignInCode: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    readonly code: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SignInStep"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly confirmIdentity: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    readonly code?: string;
                    /** Format: password */
                    readonly password: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly startProviderSignIn: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description Where the browser goes next. */
                        readonly url: string;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getSignInOptions: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description Whether forgotten passwords can be reset by mail. */
                        readonly canMail: boolean;
                        /** @description The first person, who owns all, is still to come. */
                        readonly firstSignUp: boolean;
                        readonly provider: {
                            readonly name: string;
                        } | null;
                        /** @enum {string} */
                        readonly signUp: "open" | "invite" | "closed";
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly signUp: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * Format: email
                     * @example ada@example.com
                     */
                    readonly email?: string;
                    /** @example Ada Lovelace */
                    readonly name: string;
                    /**
                     * Format: password
                     * @description 12 to 256 characters.
                     */
                    readonly password: string;
                    /** @description What stands behind # in the link. */
                    readonly token?: string;
                    /** @example Ada Lovelace */
                    readonly workspaceName: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SignInStep"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly requestSignUpLink: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * Format: email
                     * @example ada@example.com
                     */
                    readonly email: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listWorkspaces: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Workspace"][];
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createWorkspace: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    readonly name: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Workspace"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly deleteWorkspace: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workspaceId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** @description The name of the workspace, as it stands there. */
                    readonly name: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Deletion"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly changeWorkspace: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workspaceId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    readonly name: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listApiKeys: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workspaceId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["ApiKey"][];
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createApiKey: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workspaceId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * @default null
                     * @example [
                     *       "203.0.113.0/24"
                     *     ]
                     */
                    readonly allowedAddresses?: readonly string[] | null;
                    /**
                     * Format: date-time
                     * @default null
                     */
                    readonly expiresAt?: string | null;
                    readonly name: string;
                    /** @default null */
                    readonly projectId?: string | null;
                    /** @enum {string} */
                    readonly scope: "read" | "read+repair";
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly apiKey: components["schemas"]["ApiKey"];
                        /** @example tu_… */
                        readonly key: string;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly deleteApiKey: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly keyId: string;
                readonly workspaceId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getDemo: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workspaceId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Demo"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly startDemo: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workspaceId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Demo"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly resetDemo: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workspaceId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Demo"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly handOverWorkspace: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workspaceId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    readonly personId: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listInvites: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workspaceId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Invite"][];
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createInvite: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workspaceId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    readonly email: string;
                    /** @enum {string} */
                    readonly role: "viewer" | "member" | "admin";
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly invite: components["schemas"]["Invite"];
                        /** @description Shown this once; null: it was mailed. */
                        readonly link: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly deleteInvite: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly inviteId: string;
                readonly workspaceId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly leaveWorkspace: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workspaceId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listMembers: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workspaceId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["Member"][];
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly deleteMember: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly personId: string;
                readonly workspaceId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly changeMember: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly personId: string;
                readonly workspaceId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** @enum {string} */
                    readonly role: "viewer" | "member" | "admin";
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createResetLink: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly personId: string;
                readonly workspaceId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description null: it was mailed. */
                        readonly link: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly createProject: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workspaceId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /**
                     * @description 1 to 80 characters.
                     * @example My app
                     */
                    readonly name: string;
                    /**
                     * @description IANA name.
                     * @default UTC
                     * @example Europe/Berlin
                     */
                    readonly timeZone?: string;
                };
            };
        };
        readonly responses: {
            /** @description Done. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Project"];
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly listWorkspaceEntries: {
        readonly parameters: {
            readonly query?: {
                /** @description The `next` of the page before. */
                readonly after?: string;
                /** @description At most this many, 100 at most. */
                readonly limit?: number;
            };
            readonly header?: never;
            readonly path: {
                readonly workspaceId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly items: readonly components["schemas"]["WorkspaceEntry"][];
                        /** @description Give it as `after` for the next page; null: this is the last. */
                        readonly next: string | null;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly restoreWorkspace: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly workspaceId: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 204: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getHealth: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly status: "ok";
                        readonly version: string;
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getMetrics: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/openmetrics-text": string;
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readonly getReadiness: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Done. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly because: readonly string[];
                        readonly standing: {
                            readonly lastCheckpointAge: number | null;
                            readonly oldestCompleteCheckAge: number | null;
                            readonly oldestUnprocessedEventAge: number | null;
                        } | null;
                        /** @enum {string} */
                        readonly status: "ready" | "not-ready";
                    };
                };
            };
            /** @description A problem (RFC 9457). */
            readonly default: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
